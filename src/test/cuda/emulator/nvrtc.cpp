// The emulated NVRTC: g++ on the same text behind device.h. Its machine code is a shared library, its length in front.
#include "emulator.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <unistd.h>

namespace {
struct Program { std::string source, name, log; std::vector<char> code; };

std::string text(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

// Registers every kernel of the text behind it.
std::string kernels(const std::string &source) {
    static const std::regex kernel(R"((UNORDERED\s+)?__global__\s+void\s+(?:__launch_bounds__\([^)]*\)\s*)?(\w+)\s*\()");
    std::string all;
    for (std::sregex_iterator i(source.begin(), source.end(), kernel), end; i != end; ++i) {
        all += "EMULATED_KERNEL(" + (*i)[2].str() + ", " + ((*i)[1].matched ? "false" : "true") + ")\n";
    }
    return all;
}
}  // namespace

extern "C" {
int nvrtcVersion(int *major, int *minor) { *major = 12; *minor = EMULATOR_HASH; return 0; }
const char *nvrtcGetErrorString(int code) {
    return code == 0 ? "NVRTC_SUCCESS" : code == 5 ? "NVRTC_ERROR_INVALID_OPTION" : "NVRTC_ERROR_COMPILATION";
}
int nvrtcCreateProgram(Program **program, const char *source, const char *name, int, void *, void *) {
    *program = new Program{source, name, "", {}};
    return 0;
}
int nvrtcCompileProgram(Program *program, int count, const char **options) {
    std::string command = "g++ -std=c++20 -O1 -fPIC -shared -Wl,-Bsymbolic -w -fno-strict-aliasing "
        "-fsanitize=alignment,bounds,integer-divide-by-zero -fsanitize-undefined-trap-on-error -include '"
        EMULATOR_SOURCE "/device.h'";
    std::string defines;
    for (int i = 0; i < count; i++) {
        std::string option = options[i];
        if (option.rfind("--define-macro=", 0) == 0) {
            std::string define = option.substr(15);
            command += " '-D" + define + "'";
            defines += "#define " + define.replace(define.find('='), 1, " ") + "\n";
        }
        else if (option.rfind("--gpu-architecture=sm_", 0) != 0 && option != "--std=c++17") {
            program->log = "unknown option " + option;
            return 5;
        }
    }
    char folder[] = "/tmp/emulated-nvrtc-XXXXXX";
    if (!mkdtemp(folder)) return 6;
    std::string base = folder;
    std::ofstream(base + "/a.cpp") << program->source << "\n" << kernels(program->source)
        << "extern \"C\" const char *emulatedSource() { return R\"EMULATED(" << defines << program->source << ")EMULATED\"; }\n";
    command += " -o " + base + "/a.so " + base + "/a.cpp > " + base + "/log 2>&1";
    int status = system(command.c_str());
    program->log = text(base + "/log");
    std::string code = text(base + "/a.so");
    size_t bytes = code.size();
    program->code.assign((char *)&bytes, (char *)(&bytes + 1));
    program->code.insert(program->code.end(), code.begin(), code.end());
    for (const char *file : {"/a.cpp", "/a.so", "/log"}) unlink((base + file).c_str());
    rmdir(folder);
    return status == 0 ? 0 : 6;
}
int nvrtcGetProgramLogSize(Program *program, size_t *size) { *size = program->log.size() + 1; return 0; }
int nvrtcGetProgramLog(Program *program, char *log) { strcpy(log, program->log.c_str()); return 0; }
int nvrtcGetCUBINSize(Program *program, size_t *size) { *size = program->code.size(); return 0; }
int nvrtcGetCUBIN(Program *program, char *code) { memcpy(code, program->code.data(), program->code.size()); return 0; }
int nvrtcDestroyProgram(Program **program) { delete *program; *program = nullptr; return 0; }
}
