import { command } from '../../shell/quote.ts';
import type { NodePort } from '../../model/node-ports.ts';
import type { DialTarget } from './network-plan.ts';

/** Perl belongs to every Debian (package perl-base is essential); where it is missing, the answer says so. */
function perl(program: string, words: readonly string[]): string {
  return `export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\ncommand -v perl >/dev/null || { echo 'missing|perl'; exit 0; }\n${command('perl', '-e', program, ...words)}`;
}

/** Every nonce begins with it; it is what a listener's process is called. */
export const TRY_NAME = 'kubewright-try';

/** Listeners end by themselves, whatever becomes of the one who asked for them. */
export const LISTEN_SECONDS = 60;

/**
 * Binds what it can, tells, and goes on in the background. Who connects is kept until he leaves: so no port is held in TIME_WAIT for those that
 * will need it. What comes by UDP is sent back, its first bytes alone.
 */
const LISTENER = String.raw`use strict; use Errno; use IO::Socket::INET; use IO::Select;
my ($nonce, $seconds, $address, @ports) = @ARGV; $0 = $nonce;
my $select = IO::Select->new; my %kind;
for (@ports) {
  my ($protocol, $port) = split /:/;
  my $socket = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Proto => $protocol, $protocol eq "tcp" ? (Listen => 64, ReuseAddr => 1) : ());
  print "bound|$protocol|$port|", ($socket ? "yes" : $!{EADDRINUSE} ? "busy" : "no"), "\n";
  if ($socket) { $select->add($socket); $kind{$socket} = $protocol; }
}
$| = 1;
my $pid = fork; die "fork: $!" unless defined $pid;
if ($pid) { print "pid|$pid\n"; exit 0; }
open STDIN, "<", "/dev/null"; open STDOUT, ">", "/dev/null"; open STDERR, ">", "/dev/null";
alarm $seconds;
while (1) {
  for my $socket ($select->can_read) {
    my $is = $kind{$socket} || "guest";
    if ($is eq "tcp") { my $guest = $socket->accept; $select->add($guest) if $guest; }
    elsif ($is eq "udp") { my $bytes = ""; my $from = recv($socket, $bytes, 65535, 0); send($socket, substr($bytes, 0, 8), 0, $from) if defined $from; }
    else { $select->remove($socket); close $socket; }
  }
}`;

/** A script that starts listeners on the node's own address. It writes nothing; the answer tells which ports were free. */
export function listenScript(nonce: string, address: string, ports: readonly NodePort[]): string {
  return perl(LISTENER, [nonce, String(LISTEN_SECONDS), address, ...ports.map(({ protocol, port }) => `${protocol}:${port}`)]);
}

/** Ends the listener that was started under this nonce, also where its answer was lost. */
export function stopListeningScript(nonce: string): string {
  return `for p in /proc/[0-9]*; do
  { read -r comm < "$p/comm"; } 2>/dev/null
  case $comm in ${TRY_NAME}*) grep -qaF ${nonce} "$p/cmdline" 2>/dev/null && kill "\${p#/proc/}" ;; esac
done
true`;
}

const DIAL_SECONDS = 4;

/**
 * Dials everything at once. A connection that came about is reset (linger 0), so that none is left in TIME_WAIT. By UDP a small packet is sent and one as large as
 * the interface takes, both not to be cut (IP_MTU_DISCOVER is 10, IP_PMTUDISC_DO 2), again each second until both have come back.
 */
const DIALLER = String.raw`use strict; use Errno; use Socket; use IO::Select;
my ($seconds, $mtu, @targets) = @ARGV;
my ($writing, $reading) = (IO::Select->new, IO::Select->new);
my (%index, %outcome, %size, %sockets); my $large = $mtu - 28;
my $names = sub { $_[0] == Errno::ECONNREFUSED ? "refused" : ($_[0] == Errno::EHOSTUNREACH || $_[0] == Errno::ENETUNREACH) ? "unreachable" : "silent" };
for my $i (0 .. $#targets) {
  my ($protocol, $address, $port) = split /:/, $targets[$i];
  my $is_tcp = $protocol eq "tcp";
  socket(my $socket, PF_INET, $is_tcp ? SOCK_STREAM : SOCK_DGRAM, 0) or next;
  $index{$socket} = $i; $outcome{$i} = "silent"; $sockets{$i} = $socket; $socket->blocking(0);
  if ($is_tcp) { setsockopt($socket, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)); }
  else { setsockopt($socket, 0, 10, pack("i", 2)); $size{$i} = "no"; }
  my $ok = connect($socket, pack_sockaddr_in($port, inet_aton($address)));
  if (!$is_tcp) { $reading->add($socket); next; }
  if ($ok || $!{EINPROGRESS}) { $writing->add($socket); } else { $outcome{$i} = $names->($! + 0); }
}
my ($end, $again) = (time + $seconds, 0);
while (time < $end && ($writing->count || $reading->count)) {
  if (time >= $again) {
    $again = time + 1;
    for my $socket ($reading->handles) {
      for my $bytes ("small", "large" . ("x" x ($large - 5))) {
        next if defined send($socket, $bytes, 0) || !$!{ECONNREFUSED} || $outcome{$index{$socket}} eq "open";
        $outcome{$index{$socket}} = "refused"; $reading->remove($socket); last;
      }
    }
  }
  my ($can_read, $can_write) = IO::Select->select($reading, $writing, undef, 0.1);
  for my $socket (@{$can_write || []}) {
    my $error = unpack "i", getsockopt($socket, SOL_SOCKET, SO_ERROR);
    $outcome{$index{$socket}} = $error ? $names->($error) : "open";
    $writing->remove($socket); close $socket;
  }
  for my $socket (@{$can_read || []}) {
    my ($i, $bytes) = ($index{$socket}, "");
    if (!defined recv($socket, $bytes, 64, 0)) { if ($outcome{$i} ne "open") { $outcome{$i} = $names->($! + 0); $reading->remove($socket); } next; }
    $outcome{$i} = "open"; $size{$i} = "yes" if $bytes =~ /^large/;
    $reading->remove($socket) if $size{$i} eq "yes";
  }
}
for my $i (sort { $a <=> $b } keys %outcome) {
  print "port|$i|$outcome{$i}\n";
  print "size|$i|$mtu|$size{$i}\n" if exists $size{$i} && $outcome{$i} eq "open";
}
print "complete\n";`;

/** A script that tries all targets at once. */
export function dialScript(mtu: number, targets: readonly DialTarget[]): string {
  return perl(DIALLER, [String(DIAL_SECONDS), String(mtu), ...targets.map(({ protocol, address, port }) => `${protocol}:${address}:${port}`)]);
}
