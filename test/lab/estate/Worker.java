import org.apache.commons.daemon.Daemon;
import org.apache.commons.daemon.DaemonContext;

/** A daemon that waits to be stopped. */
public final class Worker implements Daemon {
  private final Thread work = new Thread(Worker::waitForEver);

  @Override
  public void init(DaemonContext context) {
    System.out.println(String.join(" ", context.getArguments()) + " initialised");
  }

  @Override
  public void start() {
    work.start();
  }

  @Override
  public void stop() {
    work.interrupt();
  }

  @Override
  public void destroy() {}

  private static void waitForEver() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException stopped) {
      // what stop() is for
    }
  }
}
