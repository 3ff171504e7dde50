package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Numbers in the data that kernels use as indices: those that are none are found on the device, and told when the host waits. */
final class NumberChecks {
    /** What is said of a number that is no index. */
    @FunctionalInterface
    interface Complaint {
        /** @param at position of the number */
        IllegalArgumentException of(int at, double number);
    }

    private record Check(CudaDoubles found, Complaint complaint) {}

    private final CudaArena arena;
    private final List<Check> checks = new ArrayList<>();

    NumberChecks(CudaArena arena) {
        this.arena = arena;
    }

    /** A kernel that looks whether all numbers are one of 0 .. limit - 1. */
    Kernel check(Tensor numbers, int limit, Complaint complaint) {
        CudaDoubles found = new CudaDoubles(arena, 2);
        found.write(-1, 0);
        checks.add(new Check(found, complaint));
        return arena.bind(
                "indices",
                "checkNumbers",
                1,
                1,
                Sums.REDUCTION,
                CudaArena.text(numbers),
                numbers,
                CudaDoubles.address(found),
                limit,
                numbers.length());
    }

    /** @throws IllegalArgumentException for the first number found since the last call */
    void verify() {
        for (Check check : checks) {
            double[] found = check.found.toDoubles();
            if (found[0] >= 0) {
                checks.forEach(each -> each.found.write(-1, 0));
                throw check.complaint.of((int) found[0], found[1]);
            }
        }
    }
}
