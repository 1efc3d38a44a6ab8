/** What Debian's libio-socket-socks-perl is told by, since the package has no program. */
export const perlSocksModule = '/usr/share/perl5/IO/Socket/Socks.pm';

/**
 * A SOCKS proxy in Perl for `perl -e`, given its port: 4, 4a and 5, for whoever says "me", in SOCKS5 with "s3cret".
 * The module reads and writes every message; here is only the relaying. `far.test` is a name that it alone knows.
 */
export const perlSocks = `
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::Socks qw(:constants);

$SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::Socks->new(
  SocksVersion => [4, 5], ProxyAddr => '127.0.0.1', ProxyPort => $ARGV[0], Listen => 20, SocksResolve => 1,
  RequireAuth => 1,
  UserAuth => sub { my ($user, $password) = @_; $user eq 'me' && (!defined $password || $password eq 's3cret') },
) or die "no server: $@";
while (1) {
  my $client = $server->accept() or next;
  next if fork;
  my ($command, $host, $port) = @{ $client->command() };
  my $isFour = $client->version() == 4;
  my $origin = IO::Socket::INET->new(PeerAddr => $host eq 'far.test' ? '127.0.0.1' : $host, PeerPort => $port);
  if (!$origin) {
    $client->command_reply($isFour ? REQUEST_FAILED : REPLY_CONN_REFUSED, '127.0.0.1', 0);
    exit;
  }
  $client->command_reply($isFour ? REQUEST_GRANTED : REPLY_SUCCESS, '127.0.0.1', $origin->sockport());
  my $both = IO::Select->new($client, $origin);
  while (my @ready = $both->can_read(20)) {
    for my $from (@ready) {
      sysread($from, my $bytes, 65536) or exit;
      my $to = $from == $client ? $origin : $client;
      syswrite($to, $bytes) == length $bytes or exit;
    }
  }
  exit;
}
`;
