/* Faults that a process cannot see: loaded before everything else (LD_PRELOAD), compiled by tests/prove/fault_library.py.
 *
 * MUSTER_FAULT_CLOCK  a file with eight bytes: by so many seconds the time of day is wrong (int64); monotonic time is not.
 * MUSTER_FAULT_DISK   a folder; MUSTER_FAULT_SHADOW another. After each fsync and fdatasync the second holds what was
 *                     synced of the first: the content of the file, or the names in the folder. The rest is what a power
 *                     cut takes. Whole files: no sector is torn, and nothing that was not synced happens to be kept.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *shift;
static char disk[PATH_MAX], shadow[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
    const char *clock = getenv("MUSTER_FAULT_CLOCK"), *from = getenv("MUSTER_FAULT_DISK"), *to = getenv("MUSTER_FAULT_SHADOW");
    if (clock) {
        int fd = open(clock, O_RDONLY | O_CLOEXEC);
        void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED) abort();
        shift = at;
        close(fd);
    }
    if (from && to) {
        if (!realpath(from, disk) || !realpath(to, shadow)) abort();
    }
}

int clock_gettime(clockid_t id, struct timespec *at) {
    int said = syscall(SYS_clock_gettime, id, at);
    if (!said && shift && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += *shift;
    return said;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

static void parents(char *path) {
    for (char *at = path + strlen(shadow) + 1; (at = strchr(at, '/')); *at++ = '/') {
        *at = 0;
        mkdir(path, 0700);
    }
}

/* Copy a file as it is now; it takes the place of the older one whole. */
static void keep(const char *path, char *target) {
    char unfinished[PATH_MAX + 64], block[1 << 16];
    ssize_t got;
    snprintf(unfinished, sizeof unfinished, "%s.%ld.part", target, (long)syscall(SYS_gettid));
    parents(target);
    int from = open(path, O_RDONLY | O_CLOEXEC), to = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (from >= 0 && to >= 0) {
        while ((got = read(from, block, sizeof block)) > 0)
            if (write(to, block, got) != got) abort();
        rename(unfinished, target);
    }
    if (from >= 0) close(from);
    if (to >= 0) close(to);
}

/* A folder: names that are gone go, and names that are new come with what they name. */
static void names(const char *path, const char *target) {
    char here[PATH_MAX], there[PATH_MAX];
    struct stat found;
    struct dirent *each;
    DIR *listed = opendir(target);
    for (; listed && (each = readdir(listed));) {
        snprintf(here, sizeof here, "%s/%s", path, each->d_name);
        snprintf(there, sizeof there, "%s/%s", target, each->d_name);
        if (lstat(here, &found) && errno == ENOENT && !strstr(each->d_name, ".part")) unlink(there);
    }
    if (listed) closedir(listed);
    listed = opendir(path);
    for (; listed && (each = readdir(listed));) {
        snprintf(here, sizeof here, "%s/%s", path, each->d_name);
        snprintf(there, sizeof there, "%s/%s", target, each->d_name);
        if (!stat(here, &found) && S_ISREG(found.st_mode) && access(there, F_OK)) keep(here, there);
    }
    if (listed) closedir(listed);
}

static void synced(int fd) {
    char link[64], path[PATH_MAX], target[PATH_MAX * 2];
    struct stat found;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        size_t of = strlen(disk);
        if (!strncmp(path, disk, of) && (path[of] == '/' || !path[of]) && !fstat(fd, &found)) {
            snprintf(target, sizeof target, "%s%s", shadow, path + of);
            if (S_ISDIR(found.st_mode)) names(path, target);
            else if (S_ISREG(found.st_mode)) keep(path, target);
        }
    }
    errno = before;
}

int fsync(int fd) {
    int said = syscall(SYS_fsync, fd);
    if (!said && *disk) synced(fd);
    return said;
}

int fdatasync(int fd) {
    int said = syscall(SYS_fdatasync, fd);
    if (!said && *disk) synced(fd);
    return said;
}
