// The emulated driver, libcuda.so.1. Work is enqueued and runs when the host waits; before that, results are stale.
#include "emulator.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <dlfcn.h>
#include <map>
#include <memory>
#include <set>
#include <unistd.h>

namespace {
enum { INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_IMAGE = 200, INVALID_CONTEXT = 201,
       INVALID_HANDLE = 400, NOT_FOUND = 500 };
const size_t CAPACITY = 2ULL << 30;
size_t capacity = CAPACITY;
const size_t COMPARED = 4 << 20;  // bytes that a launch reaches, up to which it runs in two orders
const int DEVICES = 2;

std::recursive_mutex lock;
bool initialised;
char contexts[DEVICES];
bool retained[DEVICES];
thread_local void *context;
struct Function { std::string name; void (*call)(void **); const size_t *sizes; void *module; bool ordered; };
std::map<void *, Function *> functions;
std::set<void *> modules;
std::map<void *, std::deque<std::function<void()>>> streams;
std::set<void *> pinned;
std::set<std::string> kernels;
std::string violations;
long launches, checks, handles, sent;
int sticky;  // a fault, which all later calls return
const std::set<int> LASTING = {214, 700, 702, 710, 714, 715, 716, 717, 718, 719, 721, 999};
thread_local std::string pending;  // the thread's call whose error nobody has asked about
thread_local int pendingCode;
std::string injectedCall;
int injectedCode, injectedAfter;

using Guard = std::lock_guard<std::recursive_mutex>;

void runAll(std::deque<std::function<void()>> &queue) {
    while (!queue.empty()) {
        auto work = queue.front();
        queue.pop_front();
        work();
    }
}

// Launches that reach little memory run in two orders, which must give the same bits.
void runLaunch(Launch &launch) {
    if (sticky) return;
    launches++;
    auto other = launches % 2 ? execution::DESCENDING : execution::SHUFFLED;
    memory::Snapshot before(launch.arguments);
    if (before.bytes() > COMPARED || !launch.ordered) {
        sticky = execution::run(launch, launches % 3 ? other : execution::ASCENDING);
        return;
    }
    sticky = execution::run(launch, execution::ASCENDING);
    if (sticky) return;
    memory::Snapshot after(launch.arguments);
    recorder::offer(launch, before);
    before.restore();
    sticky = execution::run(launch, other);
    checks++;
    std::string difference = after.difference();
    if (!difference.empty()) {
        emulatorViolation((launch.name + ": threads in another order give other bits, " + difference).c_str());
    }
}
}  // namespace

std::unique_lock<std::recursive_mutex> emulatorLock() { return std::unique_lock(lock); }

extern "C" {
bool emulatorEnqueue(void *stream, std::function<void()> *work) {
    Guard guard(lock);
    auto found = streams.find(stream);
    if (found == streams.end()) return false;
    found->second.push_back(*work);
    return true;
}
bool emulatorHasContext() { return context != nullptr; }
bool emulatorOwns(const void *from, size_t bytes) { Guard guard(lock); return memory::owns(from, bytes); }
void emulatorCheck() { checks++; }
void emulatorHandle(int added) { Guard guard(lock); handles += added; }
// For tests: bytes of memory that there are from now on; 0 for the usual ones.
void emulatorCapacity(long bytes) { Guard guard(lock); capacity = bytes ? bytes : CAPACITY; }
// For tests: bytes, streams, blocks of pinned memory and handles of cuBLAS that are not given back.
void emulatorHeld(long *out) {
    Guard guard(lock);
    out[0] = memory::used();
    out[1] = streams.size();
    out[2] = pinned.size();
    out[3] = handles;
}
void emulatorViolation(const char *text) {
    Guard guard(lock);
    violations += std::string(violations.empty() ? "" : "\n") + text;
}
int emulatorInjected(const char *call) {
    if (injectedCode == 0 || injectedCall != call || injectedAfter-- > 0) return 0;
    int code = injectedCode;
    injectedCode = 0;
    if (LASTING.count(code)) sticky = code;
    return code;
}
bool emulatorIsLost() { return sticky != 0; }
int emulatorReturns(const char *call, int code) {
    if (pendingCode) emulatorViolation((pending + " returned " + std::to_string(pendingCode) + ", which nobody asked about").c_str());
    pendingCode = code;
    pending = call;
    return code;
}
// For tests: what was done so far that no device forgives; forgotten by this call.
const char *emulatorViolations() {
    static std::string told;
    Guard guard(lock);
    if (pendingCode) emulatorReturns("", 0);
    told = violations;
    violations.clear();
    sticky = 0;
    return told.c_str();
}
// For tests: the call that comes after `after` others of its name returns `code`; so do all later calls if no device recovers from it.
void emulatorInject(const char *call, int code, int after) {
    Guard guard(lock);
    injectedCall = call;
    injectedCode = code;
    injectedAfter = after;
}
void emulatorCounts(long *out) {
    Guard guard(lock);
    out[0] = launches;
    out[1] = checks;
}
// For tests: bytes that were copied from the host so far.
long emulatorSent() { Guard guard(lock); return sent; }
// For tests: names of the kernels used, one behind another.
const char *emulatorKernels() {
    static std::string names;
    Guard guard(lock);
    names.clear();
    for (auto &name : kernels) names += (names.empty() ? "" : " ") + name;
    return names.c_str();
}

#define ENTER(call)                                                          \
    Guard guard(lock);                                                       \
    const char *name_ = call;                                                \
    if (int code_ = emulatorInjected(name_)) return emulatorReturns(name_, code_); \
    if (!initialised) return emulatorReturns(name_, NOT_INITIALIZED)
#define ENTER_CONTEXT(call)                                                  \
    ENTER(call);                                                             \
    if (!context) return emulatorReturns(name_, INVALID_CONTEXT);            \
    if (sticky) return emulatorReturns(name_, sticky)
#define RETURN(code) return emulatorReturns(name_, code)

// A process of its own is told by ETASTAR_CUDA_FAIL, "CALL CODE AFTER", what fails in it, and by ETASTAR_CUDA_MEMORY how
// many MiB of memory there are.
int cuInit(unsigned) {
    Guard guard(lock);
    char call[64];
    int code, after;
    const char *asked = getenv("ETASTAR_CUDA_FAIL");
    if (!initialised && asked && sscanf(asked, "%63s %d %d", call, &code, &after) == 3) emulatorInject(call, code, after);
    const char *mebibytes = getenv("ETASTAR_CUDA_MEMORY");
    if (!initialised && mebibytes) capacity = strtoull(mebibytes, nullptr, 10) << 20;
    initialised = true;
    return 0;
}
int cuDriverGetVersion(int *version) { ENTER("cuDriverGetVersion"); *version = 12090; RETURN(0); }
int cuGetErrorName(int code, const char **text) {
    static const std::map<int, const char *> names = {
        {1, "CUDA_ERROR_INVALID_VALUE"}, {2, "CUDA_ERROR_OUT_OF_MEMORY"}, {3, "CUDA_ERROR_NOT_INITIALIZED"},
        {200, "CUDA_ERROR_INVALID_IMAGE"}, {201, "CUDA_ERROR_INVALID_CONTEXT"}, {400, "CUDA_ERROR_INVALID_HANDLE"},
        {214, "CUDA_ERROR_ECC_UNCORRECTABLE"}, {500, "CUDA_ERROR_NOT_FOUND"}, {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
        {716, "CUDA_ERROR_MISALIGNED_ADDRESS"}, {719, "CUDA_ERROR_LAUNCH_FAILED"}, {999, "CUDA_ERROR_UNKNOWN"}};
    Guard guard(lock);
    if (code == pendingCode) pendingCode = 0;
    auto found = names.find(code);
    *text = found == names.end() ? nullptr : found->second;
    return found == names.end() ? INVALID_VALUE : 0;
}
int cuGetErrorString(int, const char **text) { *text = "emulated"; return 0; }
int cuDeviceGetCount(int *count) { ENTER("cuDeviceGetCount"); *count = DEVICES; RETURN(0); }
int cuDeviceGet(int *device, int ordinal) {
    ENTER("cuDeviceGet");
    if (ordinal < 0 || ordinal >= DEVICES) RETURN(101);
    *device = ordinal;
    RETURN(0);
}
int cuDeviceGetName(char *name, int length, int) {
    ENTER("cuDeviceGetName");
    snprintf(name, length, "emulator");
    RETURN(0);
}
int cuDeviceGetAttribute(int *value, int attribute, int) {
    ENTER("cuDeviceGetAttribute");
    if (attribute != 75 && attribute != 76) RETURN(INVALID_VALUE);
    *value = attribute == 75 ? 8 : 0;
    RETURN(0);
}
int cuDevicePrimaryCtxRetain(void **out, int device) {
    ENTER("cuDevicePrimaryCtxRetain");
    *out = &contexts[device];
    retained[device] = true;
    RETURN(0);
}
int cuDevicePrimaryCtxRelease_v2(int device) {
    ENTER("cuDevicePrimaryCtxRelease");
    retained[device] = false;
    RETURN(0);
}
int cuCtxSetCurrent(void *wanted) { ENTER("cuCtxSetCurrent"); context = wanted; RETURN(0); }
int cuCtxSynchronize() {
    ENTER_CONTEXT("cuCtxSynchronize");
    for (auto &stream : streams) runAll(stream.second);
    memory::checkRedZones("cuCtxSynchronize");
    RETURN(sticky);
}
int cuMemGetInfo_v2(size_t *free, size_t *total) {
    ENTER_CONTEXT("cuMemGetInfo");
    *free = capacity - std::min(capacity, memory::used());
    *total = capacity;
    RETURN(0);
}
int cuMemAlloc_v2(void **address, size_t bytes) {
    ENTER_CONTEXT("cuMemAlloc");
    if (bytes == 0) RETURN(INVALID_VALUE);
    if (memory::used() + bytes > capacity) RETURN(OUT_OF_MEMORY);
    *address = memory::allocate(bytes);
    RETURN(0);
}
int cuMemFree_v2(void *address) {
    ENTER_CONTEXT("cuMemFree");
    for (auto &stream : streams) runAll(stream.second);
    RETURN(memory::release(address) ? 0 : INVALID_VALUE);
}
int cuMemHostAlloc(void **address, size_t bytes, unsigned) {
    ENTER_CONTEXT("cuMemHostAlloc");
    *address = malloc(bytes);
    memset(*address, 0xdd, bytes);
    pinned.insert(*address);
    RETURN(0);
}
int cuMemFreeHost(void *address) {
    ENTER_CONTEXT("cuMemFreeHost");
    if (!pinned.erase(address)) RETURN(INVALID_VALUE);
    free(address);
    RETURN(0);
}
static int copy(const char *name_, void *to, const void *from, size_t bytes, void *stream) {
    auto found = streams.find(stream);
    if (found == streams.end()) RETURN(INVALID_HANDLE);
    found->second.push_back([=] { memcpy(to, from, bytes); });
    RETURN(0);
}
int cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
    ENTER_CONTEXT("cuMemcpyHtoDAsync");
    if (!memory::owns(to, bytes)) RETURN(INVALID_VALUE);
    sent += bytes;
    return copy(name_, to, from, bytes, stream);
}
int cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
    ENTER_CONTEXT("cuMemcpyDtoHAsync");
    if (!memory::owns(from, bytes)) RETURN(INVALID_VALUE);
    return copy(name_, to, from, bytes, stream);
}
int cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
    ENTER_CONTEXT("cuMemcpyDtoDAsync");
    if (!memory::owns(from, bytes) || !memory::owns(to, bytes)) RETURN(INVALID_VALUE);
    return copy(name_, to, from, bytes, stream);
}
int cuMemsetD8Async(void *to, unsigned char value, size_t bytes, void *stream) {
    ENTER_CONTEXT("cuMemsetD8Async");
    auto found = streams.find(stream);
    if (found == streams.end()) RETURN(INVALID_HANDLE);
    if (!memory::owns(to, bytes)) RETURN(INVALID_VALUE);
    found->second.push_back([=] { memset(to, value, bytes); });
    RETURN(0);
}
int cuStreamCreate(void **stream, unsigned) {
    ENTER_CONTEXT("cuStreamCreate");
    *stream = new char;
    streams[*stream];
    RETURN(0);
}
int cuStreamSynchronize(void *stream) {
    ENTER_CONTEXT("cuStreamSynchronize");
    auto found = streams.find(stream);
    if (found == streams.end()) RETURN(INVALID_HANDLE);
    runAll(found->second);
    memory::checkRedZones("cuStreamSynchronize");
    RETURN(sticky);
}
int cuStreamDestroy_v2(void *stream) {
    ENTER_CONTEXT("cuStreamDestroy");
    auto found = streams.find(stream);
    if (found == streams.end()) RETURN(INVALID_HANDLE);
    if (!found->second.empty()) emulatorViolation("cuStreamDestroy of a stream with work that nobody waited for");
    runAll(found->second);
    streams.erase(found);
    RETURN(0);
}
int cuModuleLoadData(void **module, const void *image) {
    ENTER_CONTEXT("cuModuleLoadData");
    size_t bytes;
    memcpy(&bytes, image, sizeof bytes);
    char path[] = "/tmp/emulated-module-XXXXXX";
    int file = mkstemp(path);
    bool written = write(file, (const char *)image + sizeof bytes, bytes) == (ssize_t)bytes;
    close(file);
    *module = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!*module) fprintf(stderr, "%s\n", dlerror());
    unlink(path);
    if (!*module) RETURN(INVALID_IMAGE);
    modules.insert(*module);
    RETURN(0);
}
int cuModuleUnload(void *module) {
    ENTER_CONTEXT("cuModuleUnload");
    if (!modules.erase(module)) RETURN(INVALID_HANDLE);
    dlclose(module);
    RETURN(0);
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
    ENTER_CONTEXT("cuModuleGetFunction");
    if (!modules.count(module)) RETURN(INVALID_HANDLE);
    void *call = dlsym(module, (std::string("emulatedCall_") + name).c_str());
    void *sizes = dlsym(module, (std::string("emulatedSizes_") + name).c_str());
    if (!call || !sizes) RETURN(NOT_FOUND);
    auto found = functions.find(call);
    if (found == functions.end()) {
        auto entry = new Function{name, (void (*)(void **))call, ((const size_t *(*)())sizes)(), module,
                                  *(bool *)dlsym(module, (std::string("emulatedOrdered_") + name).c_str())};
        found = functions.emplace(call, entry).first;
    }
    *function = found->second;
    kernels.insert(name);
    RETURN(0);
}
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void *stream, void **arguments, void **extra) {
    ENTER_CONTEXT("cuLaunchKernel");
    auto found = streams.find(stream);
    if (found == streams.end()) RETURN(INVALID_HANDLE);
    if (!gx || !gy || !gz || !bx || !by || !bz || extra) RETURN(INVALID_VALUE);
    if (gx > 0x7fffffffu || gy > 65535 || gz > 65535) RETURN(INVALID_VALUE);
    if (bx > 1024 || by > 1024 || bz > 64 || bx * by * bz > 1024) RETURN(INVALID_VALUE);
    Function *f = (Function *)function;
    auto launch = std::make_shared<Launch>();
    launch->call = f->call;
    launch->name = f->name;
    auto source = (const char *(*)())dlsym(f->module, "emulatedSource");
    launch->source = source();
    launch->ordered = f->ordered;
    launch->thread = dlsym(f->module, "emulatedThread");
    launch->sharedStart = ((char *(*)())dlsym(f->module, "emulatedSharedStart"))();
    launch->sharedStop = ((char *(*)())dlsym(f->module, "emulatedSharedStop"))();
    if (shared + (launch->sharedStop - launch->sharedStart) > 48 << 10) RETURN(INVALID_VALUE);
    for (int i = 0; f->sizes[i]; i++) {
        launch->arguments.emplace_back((char *)arguments[i], (char *)arguments[i] + f->sizes[i]);
    }
    unsigned grid[] = {gx, gy, gz}, block[] = {bx, by, bz};
    std::copy(grid, grid + 3, launch->grid);
    std::copy(block, block + 3, launch->block);
    found->second.push_back([launch] { runLaunch(*launch); });
    RETURN(0);
}
}
