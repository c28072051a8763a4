/** A program for lab hosts that passes for any daemon: what it does is said in its environment, where nobody looks. */

export const daemonPath = '/srv/daemon'

/** What it does before it prints "ready" and waits for ever. */
export type DaemonOptions = Readonly<{
  /** `2013`, `127.0.0.1:2013` or `[::1]:2013`, parted by blanks. */
  LISTEN?: string
  /** Binds to a network device too, as `lo`. */
  DEVICE?: string
  /** The name it gives itself (prctl(2), PR_SET_NAME), of 15 bytes at most. */
  COMM?: string
  /** A file for the name of each signal that it gets; it goes on. */
  SIGNALS?: string
  /** How many children it forks, which wait as it does. */
  CHILDREN?: string
}>

export const daemonText = `#!/usr/bin/perl
use Socket qw(:all);
for my $where (split ' ', $ENV{LISTEN}) {
  my ($address, $port) = $where =~ /^(?:\\[?(.*?)\\]?:)?(\\d+)$/;
  $address //= '0.0.0.0';
  my $place = $address =~ /:/
    ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address))
    : pack_sockaddr_in($port, inet_pton(AF_INET, $address));
  socket my $socket, sockaddr_family($place), SOCK_STREAM, 0 or die $!;
  setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
  !$ENV{DEVICE} or setsockopt $socket, SOL_SOCKET, 25, $ENV{DEVICE} or die $!;
  bind $socket, $place or die "$where: $!";
  listen $socket, 5;
  push @sockets, $socket;
}
if ($ENV{SIGNALS}) {
  open my $log, '>>', $ENV{SIGNALS};
  for my $name (qw(HUP INT QUIT TERM USR1 USR2 CONT)) { $SIG{$name} = sub { syswrite $log, "$name " } }
}
if ($ENV{COMM}) { open my $name, '>', '/proc/self/comm'; syswrite $name, $ENV{COMM} }
for (1 .. $ENV{CHILDREN}) { fork or last }
$| = 1;
print "ready\\n";
sleep 600 while 1;
`
