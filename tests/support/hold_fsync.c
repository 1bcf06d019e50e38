/* Holds a tool in the middle of its work, from outside: while the file named by HOLD_FILE exists, syncing anything
 * below a folder named "workspace" waits. Each arrival appends a line to HOLD_FILE.reached, so that a test knows that
 * the tool has got there, and how often. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void hold(int fd) {
    const char *flag = getenv("HOLD_FILE");
    struct stat kind;
    char link[64], path[4096], reached[4200];
    if (flag == NULL || fstat(fd, &kind) != 0 || !S_ISREG(kind.st_mode)) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 2);
    if (length <= 0) return;
    path[length] = '\n';
    path[length + 1] = 0;
    if (strstr(path, "/workspace/") == NULL) return;
    snprintf(reached, sizeof reached, "%s.reached", flag);
    int log = open(reached, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        if (write(log, path, (size_t)length + 1) < 0) abort();
        close(log);
    }
    while (access(flag, F_OK) == 0) usleep(10000);
}

int fsync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    hold(fd);
    return real(fd);
}

int fdatasync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    hold(fd);
    return real(fd);
}
