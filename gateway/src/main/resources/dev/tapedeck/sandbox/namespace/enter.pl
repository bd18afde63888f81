# Goes into a sandbox and becomes a program there, behind the wall: without capabilities, also in the bounding set, and with a
# filter of system calls. Perl, since every Debian has it and it can make any call; nsenter(1) would fill the bounding set and
# install no filter.
#
#   with the gateway's rights -> in its control groups -> the sandbox's user -> in its namespaces -> a child: the program
#                                                                                                 '-> waits for it, ends as it ends
#
# Arguments: the first process's id, the host's user id or "-", files of control groups, "--", the program. TAPEDECK_WALL holds the
# numbers of the calls below and the filter in hex.
my ($prctl, $setns, $seccomp, $prlimit, $setgroups, $setresgid, $setresuid, $setsid, $filter) = split ' ', delete $ENV{TAPEDECK_WALL};
my ($init, $user) = splice @ARGV, 0, 2;

sub fail { print STDERR "cannot $_[0]: $!\n"; exit 125 }
sub call { my $what = shift; syscall(shift(@_) + 0, @_) == -1 and fail($what) }

$SIG{FPE} = 'DEFAULT'; # Perl ignores it, and programs would inherit that
my $nothing = pack 'QQ', 0, 0; # syscall() wants variables where the kernel gets an address
call('forbid core dumps', $prlimit, 0, 4, $nothing, 0);
while ((my $group = shift) ne '--') {
  open(my $processes, '>', $group) or fail("join $group");
  syswrite($processes, $$) or fail("join $group");
}
call('forbid new privileges', $prctl, 38, 1, 0, 0, 0);
if ($user ne '-') {
  call('drop groups', $setgroups, 0, 0);
  call('change the group', $setresgid, $user + 0, $user + 0, $user + 0);
  call('change the user', $setresuid, $user + 0, $user + 0, $user + 0);
}

# The user namespace first: it gives the right to join the others. All are opened before, as the last hides the host's /proc.
my @namespaces = map { open(my $one, '<', "/proc/$init/ns/$_") or fail("find the sandbox's $_ namespace"); $one }
  qw(user cgroup ipc uts net pid mnt);
call('join a namespace', $setns, fileno($_), 0) for @namespaces;

my $child = fork;
defined $child or fail('fork');
if ($child) {
  while (waitpid($child, 2) == $child && ($? & 0xff) == 0x7f) {
    kill 'STOP', $$; # as the program is; and goes on when this is told to
    kill 'CONT', $child;
  }
  kill $? & 0x7f, $$ if $? & 0x7f;
  exit($? >> 8);
}
call('begin a session', $setsid);
for my $capability (0 .. 63) {
  last if syscall($prctl + 0, 23, $capability, 0, 0, 0) < 0; # the kernel has no more
  call('empty the bounding set', $prctl, 24, $capability, 0, 0, 0);
}
my $instructions = pack 'H*', $filter;
my $program = pack 'S x![P] P', length($instructions) / 8, $instructions;
call('install the filter', $seccomp, 1, 0, $program);
exec { $ARGV[0] } @ARGV or fail("start $ARGV[0]");
