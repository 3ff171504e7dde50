// Blocks and threads of a launch, one after another. A thread keeps the fiber that it started on until it ends; the next one
// takes over that fiber, so that kernels without barriers never switch. Fibers are made once, by makecontext; from then on
// _setjmp and _longjmp switch, which ask nothing of the system.
#include "emulator.h"
#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <memory>
#include <numeric>
#include <pthread.h>
#include <random>
#include <ucontext.h>

// The same layout as in device.h.
struct Index { unsigned x, y, z; };
struct EmulatedThread {
    Index thread, block, threads, blocks;
    void (*barrier)(int line);
};

namespace {
const size_t STACK = 64 << 10;
struct Fiber {
    ucontext_t context;
    jmp_buf place;
    bool begun = false;
    std::unique_ptr<char[]> stack{new char[STACK]};
    Index thread;
    int line;  // of the barrier at which it waits; 0 if it has ended
};

EmulatedThread here;
Launch *launch;
void **values;
std::vector<unsigned> order;
size_t next;  // of order: the first thread that has not begun
std::vector<std::unique_ptr<Fiber>> fibers;
size_t current;
jmp_buf scheduler;
sigjmp_buf fault;
volatile bool running;
pthread_t runner;
struct sigaction oldSegv, oldIll, oldFpe, oldBus;

Index position(unsigned flat) {
    unsigned x = launch->block[0], y = launch->block[1];
    return {flat % x, flat / x % y, flat / x / y};
}

// Runs the current fiber until it waits at a barrier or has no thread left.
void resume() {
    if (_setjmp(scheduler)) return;
    Fiber &fiber = *fibers[current];
    if (fiber.begun) _longjmp(fiber.place, 1);
    fiber.begun = true;
    setcontext(&fiber.context);
}

void suspend() {
    if (!_setjmp(fibers[current]->place)) _longjmp(scheduler, 1);
}

void work() {
    while (true) {
        while (next < order.size()) {
            here.thread = position(order[next++]);
            fibers[current]->line = 0;
            launch->call(values);
        }
        fibers[current]->line = 0;
        suspend();
    }
}

void barrier(int line) {
    fibers[current]->thread = here.thread;
    fibers[current]->line = line;
    suspend();
    here.thread = fibers[current]->thread;
}

void make() {
    fibers.push_back(std::make_unique<Fiber>());
    Fiber &fiber = *fibers.back();
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = STACK;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, work, 0);
}

void violation(const std::string &text) { emulatorViolation((launch->name + ": " + text).c_str()); }

// All threads of a block: those that wait at a barrier go on when every other one waits there too.
void runBlock(std::mt19937 &random, execution::Order kind) {
    size_t threads = order.size();
    for (char *at = launch->sharedStart; at + 8 <= launch->sharedStop; at += 8) {
        const uint64_t poison = 0x7ff7dead7ff7deadULL;
        memcpy(at, &poison, 8);
    }
    next = 0;
    std::vector<size_t> waiting;
    for (size_t i = 0; next < threads; i++) {
        if (i == fibers.size()) make();
        current = i;
        resume();
        if (fibers[i]->line) waiting.push_back(i);
    }
    while (!waiting.empty()) {
        if (waiting.size() != threads) {
            violation("a barrier in line " + std::to_string(fibers[waiting[0]]->line) + " that " +
                      std::to_string(threads - waiting.size()) + " of " + std::to_string(threads) +
                      " threads do not reach");
            fibers.clear();
            return;
        }
        std::vector<size_t> still;
        if (kind == execution::SHUFFLED) std::shuffle(waiting.begin(), waiting.end(), random);
        int line = fibers[waiting[0]]->line;
        for (size_t i : waiting) {
            if (fibers[i]->line != line) {
                violation("threads wait at barriers of lines " + std::to_string(line) + " and " +
                          std::to_string(fibers[i]->line));
                fibers.clear();
                return;
            }
        }
        for (size_t i : waiting) {
            current = i;
            resume();
            if (fibers[i]->line) still.push_back(i);
        }
        waiting = still;
    }
}

void caught(int signal, siginfo_t *info, void *context) {
    if (running && pthread_equal(runner, pthread_self())) {
        running = false;
        siglongjmp(fault, signal);
    }
    struct sigaction &old = signal == SIGSEGV ? oldSegv : signal == SIGILL ? oldIll : signal == SIGFPE ? oldFpe : oldBus;
    if (old.sa_flags & SA_SIGINFO) old.sa_sigaction(signal, info, context);
    else if (old.sa_handler != SIG_IGN && old.sa_handler != SIG_DFL) old.sa_handler(signal);
    else {
        sigaction(signal, &old, nullptr);
        raise(signal);
    }
}

void install() {
    static bool installed;
    if (installed) return;
    installed = true;
    struct sigaction ours {};
    ours.sa_sigaction = caught;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    // What was there is kept before ours stands: the JVM's threads meet such signals all the time.
    const std::pair<int, struct sigaction *> all[] = {{SIGSEGV, &oldSegv}, {SIGILL, &oldIll}, {SIGFPE, &oldFpe}, {SIGBUS, &oldBus}};
    for (auto &[signal, old] : all) sigaction(signal, nullptr, old);
    for (auto &[signal, old] : all) sigaction(signal, &ours, nullptr);
}
}  // namespace

namespace execution {
int run(Launch &what, Order kind) {
    install();
    launch = &what;
    here.threads = {what.block[0], what.block[1], what.block[2]};
    here.blocks = {what.grid[0], what.grid[1], what.grid[2]};
    here.barrier = barrier;
    *(void **)what.thread = &here;
    std::vector<std::vector<char>> copies = what.arguments;
    std::vector<void *> addresses;
    for (auto &argument : copies) addresses.push_back(argument.data());
    values = addresses.data();
    size_t threads = (size_t)what.block[0] * what.block[1] * what.block[2];
    size_t blocks = (size_t)what.grid[0] * what.grid[1] * what.grid[2];
    std::mt19937 random(11);
    order.resize(threads);
    std::iota(order.begin(), order.end(), 0);
    if (kind == DESCENDING) std::reverse(order.begin(), order.end());
    std::vector<size_t> blockOrder(blocks);
    std::iota(blockOrder.begin(), blockOrder.end(), 0);
    if (kind == DESCENDING) std::reverse(blockOrder.begin(), blockOrder.end());
    if (kind == SHUFFLED) std::shuffle(blockOrder.begin(), blockOrder.end(), random);
    runner = pthread_self();
    int signal = sigsetjmp(fault, 1);
    if (signal == 0) {
        running = true;
        for (size_t block : blockOrder) {
            here.block = {(unsigned)(block % what.grid[0]), (unsigned)(block / what.grid[0] % what.grid[1]),
                          (unsigned)(block / what.grid[0] / what.grid[1])};
            if (kind == SHUFFLED) std::shuffle(order.begin(), order.end(), random);
            runBlock(random, kind);
        }
        running = false;
        return 0;
    }
    fibers.clear();
    violation(signal == SIGSEGV || signal == SIGBUS ? "an access to an address that is nobody's"
                                                    : "a misaligned access, an index outside a static array, or a division by 0");
    return signal == SIGSEGV || signal == SIGBUS ? 700 : 716;
}
}  // namespace execution
