/*
 * The process that holds a pod's namespaces: it does nothing until it is told to end, and buries the orphans of a pod whose containers share
 * their process namespace, since it is process 1 there.
 */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
    sigset_t awaited;
    int received;

    if (argc > 1 && strcmp(argv[1], "-v") == 0) {
        puts("pause " VERSION);
        return 0;
    }
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGCHLD);
    /* Blocked, they stay pending until sigwait takes them: none can slip between a check and a sleep. */
    if (sigprocmask(SIG_BLOCK, &awaited, NULL) != 0)
        return 1;
    for (;;) {
        if (sigwait(&awaited, &received) != 0)
            return 2;
        if (received != SIGCHLD)
            return 0;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}
