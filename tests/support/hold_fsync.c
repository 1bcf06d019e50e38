/* Holds a tool in the middle of its work, from outside: while the file named by HOLD_FILE exists, syncing anything
 * below a folder named "workspace" waits; while there is a HOLD_FILE.fail, it ends with the error of that number. Each arrival appends a line to HOLD_FILE.reached, so that a test knows that
 * the tool has got there, and how often. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0, or the error with which it ends. */
static int hold(int fd) {
    const char *flag = getenv("HOLD_FILE");
    struct stat kind;
    char link[64], path[4096], reached[4200], number[16] = "";
    if (flag == NULL || fstat(fd, &kind) != 0 || !S_ISREG(kind.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 2);
    if (length <= 0) return 0;
    path[length] = '\n';
    path[length + 1] = 0;
    if (strstr(path, "/workspace/") == NULL) return 0;
    snprintf(reached, sizeof reached, "%s.reached", flag);
    int log = open(reached, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        if (write(log, path, (size_t)length + 1) < 0) abort();
        close(log);
    }
    while (access(flag, F_OK) == 0) usleep(10000);
    snprintf(reached, sizeof reached, "%s.fail", flag);
    int fail = open(reached, O_RDONLY | O_CLOEXEC);
    if (fail < 0) return 0;
    ssize_t digits = read(fail, number, sizeof number - 1);
    close(fail);
    return digits > 0 ? atoi(number) : 0;
}

int fsync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int error = hold(fd);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return real(fd);
}

int fdatasync(int fd) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int error = hold(fd);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return real(fd);
}
