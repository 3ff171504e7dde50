// What the emulated driver shares with the emulated cuBLAS and with its own parts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

extern "C" {
// Enqueues work; it runs when the stream, or all, is waited for. False if there is no such stream.
bool emulatorEnqueue(void *stream, std::function<void()> *work);
// The current thread has a context.
bool emulatorHasContext();
// Remembers what a program did that a device would not forgive, or not tell.
void emulatorViolation(const char *text);
// An injected failure of this call, or 0; with the lock held, as the next one.
int emulatorInjected(const char *call);
// Whether a fault has spoilt the process's context.
bool emulatorIsLost();
// Whether [from, from + bytes) lies within one allocation.
bool emulatorOwns(const void *from, size_t bytes);
// Code that a call returns: one that is not 0 must be asked for by name before the next call.
int emulatorReturns(const char *call, int code);
void emulatorCheck();
// Handles of cuBLAS, made or destroyed.
void emulatorHandle(int added);
}

// The lock of all that the libraries know: programs of several threads call them at once.
std::unique_lock<std::recursive_mutex> emulatorLock();

// Memory of the device, with red zones.
namespace memory {
void *allocate(size_t bytes);
bool release(void *address);
bool owns(const void *from, size_t bytes);
size_t used();
void checkRedZones(const char *when);

// The content of all allocations that arguments of a kernel point into, structs of pointers included.
class Snapshot {
public:
    explicit Snapshot(const std::vector<std::vector<char>> &arguments);
    size_t bytes() const;
    const std::map<char *, std::vector<char>> &copies() const { return content; }
    void restore() const;
    // A place where memory differs from this; empty if there is none.
    std::string difference() const;

private:
    std::map<char *, std::vector<char>> content;
};
}

// Launches of kernels.
struct Launch {
    void (*call)(void **);
    std::string name;
    const char *source;  // of its module, behind the macros it was compiled with
    std::vector<std::vector<char>> arguments;
    void *thread;
    char *sharedStart, *sharedStop;
    unsigned grid[3], block[3];
    bool ordered;  // whether threads in any order must give the same bits
};
namespace recorder {
// Keeps a launch that has run, if it is the best one of its kernel so far.
void offer(const Launch &launch, const memory::Snapshot &before);
}
namespace execution {
enum Order { ASCENDING, DESCENDING, SHUFFLED };
// 0, or the driver's code of what went wrong.
int run(Launch &launch, Order order);
}
