package io.etastar.tensor.cuda;

import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Copies of host arrays in a device's memory, shared by all programs there: rows that are read again and again travel once.
 *
 * <p>An array gets a copy once as many of its elements were sent as it has, so that arrays which are read once take no memory. Copies
 * hold at most a share of what programs leave free. They go with their arrays, and, those used least lately first, where a program
 * lacks memory. Arrays must not change.
 */
final class ArrayCache {
    /** Of the memory that programs leave free. */
    private static final double SHARE = 0.5;

    private static final int CHUNK_BYTES = 1 << 20;

    private final CudaDevice device;
    private final Map<Reference<Object>, Entry> entries = new HashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    /** Counts requests. */
    private long clock;
    /** Of all copies, and of those that are being made. */
    private long bytes;

    /** Copies that are being made. */
    private int coming;

    ArrayCache(CudaDevice device) {
        this.device = device;
    }

    /** An array by its identity, in the precision of its copy. */
    private static final class Key extends WeakReference<Object> {
        private final DType type;
        private final int hash;

        Key(RawArray array, DType type, ReferenceQueue<Object> gone) {
            super(array.floats() != null ? array.floats() : array.doubles(), gone);
            this.type = type;
            hash = 31 * System.identityHashCode(get()) + type.hashCode();
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            Object array = get();
            return this == other || other instanceof Key key && array != null && key.get() == array && key.type == type;
        }
    }

    /** What is known of an array. */
    private static final class Entry {
        /** Elements that were sent since. */
        private long sent;

        private long since;
        private long used;
        private long address;
        private long bytes;
        private boolean coming;

        boolean isThere() {
            return address != 0;
        }
    }

    /**
     * Whether an array has a copy, which is made when its time has come.
     *
     * @param elements that are sent if it has none
     * @param queue of the calling program, waited for if a copy is made
     */
    boolean has(RawArray array, DType type, long elements, CudaQueue queue) {
        Entry entry;
        synchronized (this) {
            sweep();
            entry = entries.computeIfAbsent(new Key(array, type, gone), key -> new Entry());
            clock++;
            if (entry.isThere()) {
                return true;
            }
            if (entry.coming
                    || !isDue(entry, array, elements)
                    || !reserve(entry, (long) array.length() * type.bytes())) {
                return false;
            }
        }
        return make(entry, array, type, queue);
    }

    /**
     * Has {@code task} enqueue what reads an array's copy, given its address.
     *
     * @return false if there is no copy any more
     */
    synchronized boolean use(RawArray array, DType type, LongConsumer task) {
        Entry entry = entries.get(new Key(array, type, gone));
        if (entry == null || !entry.isThere()) {
            return false;
        }
        entry.used = clock;
        task.accept(entry.address);
        return true;
    }

    private boolean isDue(Entry entry, RawArray array, long elements) {
        if (entry.sent == 0) {
            entry.since = clock;
        }
        if (entry.sent >= array.length()) {
            return true;
        }
        entry.sent += elements;
        return false;
    }

    /** Makes room within the share, by copies that nobody used while this array was sent; if that is too little, it is sent once more. */
    private boolean reserve(Entry entry, long needed) {
        long most = (long) (SHARE * (device.freeBytes() + bytes));
        List<Entry> unused = oldestFirst();
        unused.removeIf(copy -> copy.used >= entry.since);
        long all = unused.stream().mapToLong(copy -> copy.bytes).sum();
        if (bytes - all + needed > most) {
            entry.sent = 0;
            return false;
        }
        List<Entry> dropped = new ArrayList<>();
        for (long left = bytes; left + needed > most; left -= dropped.get(dropped.size() - 1).bytes) {
            dropped.add(unused.get(dropped.size()));
        }
        drop(dropped);
        entry.coming = true;
        coming++;
        entry.bytes = needed;
        bytes += needed;
        return true;
    }

    /** Without the lock: other programs go on. */
    private boolean make(Entry entry, RawArray array, DType type, CudaQueue queue) {
        long address = 0;
        boolean made = false;
        try {
            address = device.allocate(entry.bytes);
            CudaMemory copy = new CudaMemory(queue, type, address, array.length());
            int chunk = CHUNK_BYTES / type.bytes();
            for (int from = 0; from < array.length(); from += chunk) {
                copy.write(array, from, from, Math.min(chunk, array.length() - from));
            }
            queue.synchronise();
            made = true;
        } catch (CudaException failure) {
            if (!failure.outOfMemory()) {
                throw failure;
            }
        } finally {
            end(entry, made, address);
        }
        return made;
    }

    private synchronized void end(Entry entry, boolean made, long address) {
        entry.coming = false;
        coming--;
        notifyAll();
        entry.sent = 0;
        if (made) {
            entry.address = address;
            entry.used = clock;
            return;
        }
        bytes -= entry.bytes;
        if (address != 0) {
            device.free(address, "an array");
        }
    }

    private List<Entry> oldestFirst() {
        List<Entry> copies = new ArrayList<>(entries.values());
        copies.removeIf(entry -> !entry.isThere());
        copies.sort(Comparator.comparingLong(entry -> entry.used));
        return copies;
    }

    /** Frees copies of arrays that are gone. */
    private void sweep() {
        List<Entry> orphans = new ArrayList<>();
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            Entry entry = entries.remove(key);
            if (entry != null && entry.isThere()) {
                orphans.add(entry);
            }
        }
        drop(orphans);
    }

    /** Waits for the device, and frees copies. */
    private void drop(List<Entry> copies) {
        if (copies.isEmpty()) {
            return;
        }
        Closing closing = new Closing();
        closing.run(device::synchronise);
        for (Entry copy : copies) {
            long address = copy.address;
            copy.address = 0;
            bytes -= copy.bytes;
            closing.run(() -> device.free(address, "an array"));
        }
        closing.end();
    }

    /**
     * Frees the copy that was used least lately, or those of arrays that are gone. If all that there are is being made by other programs,
     * waits for these.
     *
     * @return whether there were any; false if the wait was interrupted, as that of a task which is killed
     */
    synchronized boolean evict() {
        long before = bytes;
        sweep();
        if (bytes < before) {
            return true;
        }
        boolean waited = oldestFirst().isEmpty() && awaitComing();
        List<Entry> copies = oldestFirst();
        drop(copies.subList(0, Math.min(1, copies.size())));
        return waited || !copies.isEmpty();
    }

    /** Waits until no copy is being made; false if none was, or if the calling thread is interrupted. */
    private boolean awaitComing() {
        boolean waited = coming > 0;
        try {
            while (coming > 0) {
                wait();
            }
            return waited;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Frees all copies, those that are being made once they are, and forgets what was sent; false if there was none. */
    synchronized boolean clear() {
        awaitComing();
        List<Entry> copies = oldestFirst();
        entries.values().removeIf(entry -> !entry.coming);
        drop(copies);
        return !copies.isEmpty();
    }
}
