// The device's memory: allocations between red zones, NaN in what is fresh, and behind it pages that are nobody's: a read that goes
// far past the end of an allocation is a fault, whatever becomes of the value.
#include "emulator.h"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <sys/mman.h>

namespace {
const size_t RED = 1024;  // bytes before an allocation
const size_t BACK = 256;  // and behind it, at least
const uint64_t POISON = 0x7ff7dead7ff7deadULL;  // NaN as a double and as two floats
const size_t PAGE = 4096;
const size_t GUARD = 16 * PAGE;
const size_t MOST_GUARDED = 20000;  // allocations: a process has a limit of mappings
struct Block { char *start; size_t bytes, mapped; };  // mapped: of the whole mapping, 0 if there is none
std::map<char *, Block> blocks;  // by the address that the program has
size_t total;

std::set<char *> reached;  // allocations that launches could write to since the last check

// POISON over and over; addresses of allocations are multiples of eight.
struct Pattern {
    uint64_t words[RED / 8 + 2];
    Pattern() { for (auto &word : words) word = POISON; }
} pattern;

void poison(char *from, size_t bytes) {
    for (size_t at = 0; at < bytes; at += RED) memcpy(from + at, pattern.words, std::min(RED, bytes - at));
}

// Bytes behind an allocation that belong to nobody: up to the next multiple of eight, and the red zone.
size_t tail(size_t bytes) { return BACK + (8 - bytes % 8) % 8; }

void poisonTail(char *address, size_t bytes) { memcpy(address + bytes, (char *)pattern.words + bytes % 8, tail(bytes)); }

bool intact(char *address, size_t bytes) {
    return memcmp(address + bytes, (char *)pattern.words + bytes % 8, tail(bytes)) == 0 &&
           memcmp(address - RED, pattern.words, RED) == 0;
}

void check(char *address, size_t bytes, const char *when) {
    emulatorCheck();
    if (intact(address, bytes)) return;
    std::string text = "wrote outside an allocation of " + std::to_string(bytes) + " bytes, found at " + when;
    emulatorViolation(text.c_str());
    poison(address - RED, RED);
    poisonTail(address, bytes);
}

std::map<char *, Block>::iterator find(const void *address) {
    auto next = blocks.upper_bound((char *)address);
    return next == blocks.begin() ? blocks.end() : --next;
}
}  // namespace

namespace memory {
// As near to the guard as alignment lets it be.
char *guarded(size_t bytes, Block &block) {
    size_t data = (RED + bytes + tail(bytes) + 255 + PAGE - 1) / PAGE * PAGE;
    void *start = mmap(nullptr, data + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) return nullptr;
    if (mprotect((char *)start + data, GUARD, PROT_NONE)) {
        munmap(start, data + GUARD);
        return nullptr;
    }
    block = {(char *)start, bytes, data + GUARD};
    return (char *)start + (data - tail(bytes) - bytes) / 256 * 256;
}

void *allocate(size_t bytes) {
    Block block{nullptr, bytes, 0};
    char *address = blocks.size() < MOST_GUARDED ? guarded(bytes, block) : nullptr;
    if (!address) {
        block.start = (char *)aligned_alloc(256, (2 * RED + bytes + 511) / 256 * 256);
        address = block.start + RED;
    }
    poison(address - RED, RED + bytes);
    poisonTail(address, bytes);
    blocks[address] = block;
    total += bytes;
    return address;
}

bool release(void *address) {
    auto found = blocks.find((char *)address);
    if (found == blocks.end()) return false;
    check(found->first, found->second.bytes, "cuMemFree");
    reached.erase(found->first);
    poison(found->first, std::min(found->second.bytes, (size_t)1 << 16));
    Block block = found->second;
    if (block.mapped) munmap(block.start, block.mapped);
    else free(block.start);
    total -= block.bytes;
    blocks.erase(found);
    return true;
}

bool owns(const void *from, size_t bytes) {
    auto found = find(from);
    return found != blocks.end() && (char *)from + bytes <= found->first + found->second.bytes;
}

size_t used() { return total; }

void checkRedZones(const char *when) {
    for (char *address : reached) check(address, blocks[address].bytes, when);
    reached.clear();
}

Snapshot::Snapshot(const std::vector<std::vector<char>> &arguments) {
    for (auto &argument : arguments) {
        for (size_t at = 0; at + sizeof(char *) <= argument.size(); at += sizeof(char *)) {
            char *address;
            memcpy(&address, argument.data() + at, sizeof address);
            auto found = find(address);
            if (found == blocks.end() || address >= found->first + found->second.bytes) continue;
            reached.insert(found->first);
            if (content.count(found->first)) continue;
            content.emplace(found->first, std::vector<char>(found->first, found->first + found->second.bytes));
        }
    }
}

size_t Snapshot::bytes() const {
    size_t sum = 0;
    for (auto &block : content) sum += block.second.size();
    return sum;
}

void Snapshot::restore() const {
    for (auto &block : content) memcpy(block.first, block.second.data(), block.second.size());
}

std::string Snapshot::difference() const {
    for (auto &block : content) {
        size_t bytes = block.second.size(), at = 0;
        while (at < bytes && block.first[at] == block.second[at]) at++;
        if (at < bytes) return "byte " + std::to_string(at) + " of an allocation of " + std::to_string(bytes);
    }
    return "";
}
}  // namespace memory
