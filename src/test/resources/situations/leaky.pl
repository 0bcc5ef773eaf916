# A service that forgets to close what its peer has closed; after a restart, for once, it does not.
use strict;
use warnings;
use IO::Socket::INET;

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 500) or die $!;
if (!fork) {
    while (my $client = $listener->accept) {
        close $client;
    }
    exit;
}
my @held;
if (!-e '/run/leaked') {
    for (1 .. 300) {
        push @held, IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $listener->sockport) or die $!;
    }
    open my $flag, '>', '/run/leaked' or die $!;
}
sleep;
