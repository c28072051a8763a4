/** A service for lab hosts that answers over HTTP; whatever it should say, and how often it was asked, is in files. */

export const webPath = '/srv/web'

/** Lines of a status and a body, one for each request; the last one stays. */
export const answersPath = '/run/answers'
/** One line for each request. */
export const askedPath = '/run/asked'

/** Called with the address and the port to listen on. */
export const webText = `#!/usr/bin/perl
use IO::Socket::INET;
my ($address, $port) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 5, LocalAddr => $address, LocalPort => $port, ReuseAddr => 1) or die $!;
my $times = 0;
while (1) {
  my $client = $server->accept or next;
  my $line = <$client>;
  next if !defined $line;
  while (<$client>) { last if /^\\r?$/ }
  open my $asked, '>>', '${askedPath}';
  print $asked $line;
  close $asked;
  open my $answers, '<', '${answersPath}' or die $!;
  my @answers = <$answers>;
  my ($status, $body) = $answers[$times < @answers ? $times : -1] =~ /^(\\d+) (.*)/;
  $times++;
  print $client "HTTP/1.1 $status x\\r\\nConnection: close\\r\\n\\r\\n$body\\n";
  close $client;
}
`
