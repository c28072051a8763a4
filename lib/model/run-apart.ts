/** Shell functions that run a command apart from the script that calls it. */

/**
 * `run COMMAND [PREFIX]` runs it in a session of its own, with nothing on its stdin and its output in a private file, to
 * be read from descriptor 4, and once more from 5: a daemon that keeps its descriptors open holds neither the connection nor
 * the script. The words of the prefix come before the shell that runs it, as `timeout 10`. `prepare` makes the file for the
 * next one beforehand.
 */
export const runFunctions = (
  nonce: string,
): string => `# 3 writes to, 4 and 5 read from a file without a name: nothing is left behind, whatever becomes of this script.
fresh() {
  for folder in "\${TMPDIR:-/tmp}" "$HOME" /var/tmp /dev/shm; do
    place=$folder/.steward-${nonce}
    # A full disk may still take a folder.
    if (umask 077 && command mkdir "$place" && echo >"$place/output") 2>/dev/null; then
      exec 3>"$place/output" 4<"$place/output" 5<"$place/output"
      command rm -rf "$place"
      return
    fi
    command rm -rf "$place" 2>/dev/null
  done
  exec 3>/dev/null 4</dev/null 5</dev/null
}
prepared=
prepare() { fresh; prepared=yes; }
# The shell stays for as long as the command runs, and shows all of it as one argument: so it can be told from outside
# that a start is still under way.
run() {
  [ -n "$prepared" ] || fresh
  prepared=
  if command -v setsid >/dev/null 2>&1; then
    command setsid $2 /bin/sh -c 'eval "$1"; exit $?' steward "$1" </dev/null >&3 2>&1 3>&- 4<&- 5<&-
  else
    (trap '' HUP; exec $2 /bin/sh -c 'eval "$1"; exit $?' steward "$1") </dev/null >&3 2>&1 3>&- 4<&- 5<&-
  fi
}`

/**
 * Sets `$limit`, a prefix for `run` that ends a command after its time, with 124, where there is a timeout(1) to do it;
 * BusyBox's old one has options of its own.
 */
export const setLimit = (seconds: number): string => `limit=
for try in '-k 1 ${seconds}' ${seconds} '-t ${seconds}'; do
  command timeout $try true >/dev/null 2>&1 && limit="timeout $try" && break
done`
