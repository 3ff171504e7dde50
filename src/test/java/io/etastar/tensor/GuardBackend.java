package io.etastar.tensor;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The installed backend, as if its memory were a device's: kernels wait in a queue until {@link Kernels#synchronise}, what is written
 * waits with them, single elements cannot be reached, and a read while anything waits is a mistake.
 */
public final class GuardBackend extends Backend {
    private final Backend inner;
    private int synchronised;

    public GuardBackend(Backend inner) {
        this.inner = inner;
    }

    /** How often programs waited for kernels since the last call. */
    public int takeSynchronised() {
        int count = synchronised;
        synchronised = 0;
        return count;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Kernels kernels(DType type) {
        Guard guard = new Guard(inner.kernels(type));
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, method, arguments) -> guard.call(method, arguments == null ? new Object[0] : arguments));
    }

    @Override
    public Devices devices() {
        return inner.devices();
    }

    @Override
    public void useThreads(int perTask) {
        inner.useThreads(perTask);
    }

    /** Kernels of one program. */
    private final class Guard {
        private final Kernels kernels;
        private final Deque<Runnable> queue = new ArrayDeque<>();

        Guard(Kernels kernels) {
            this.kernels = kernels;
        }

        Object call(Method method, Object... arguments) throws Throwable {
            if (method.getName().equals("synchronise")) {
                synchronise();
                return null;
            }
            Object[] plain = new Object[arguments.length];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = unwrap(arguments[i]);
            }
            try {
                return wrap(method.invoke(kernels, plain));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void synchronise() {
            synchronised++;
            try {
                while (!queue.isEmpty()) {
                    queue.remove().run();
                }
            } finally {
                queue.clear();
            }
        }

        void requireIdle() {
            if (!queue.isEmpty()) {
                throw new IllegalStateException("the host reads while " + queue.size() + " kernels wait");
            }
        }

        private Object wrap(Object made) {
            if (made instanceof Kernel kernel) {
                return (Kernel) () -> queue.add(kernel::run);
            }
            if (made instanceof Tensor tensor) {
                return new Tensor(new GuardStorage(this, tensor.storage()), tensor.offset(), tensor.shape());
            }
            if (made instanceof Indices indices) {
                return new GuardIndices(this, indices);
            }
            if (made instanceof Doubles doubles) {
                return new GuardDoubles(this, doubles);
            }
            return made instanceof Total total ? new GuardTotal(this, total) : made;
        }

        private static Object unwrap(Object given) throws ReflectiveOperationException {
            if (given instanceof Tensor tensor) {
                return new Tensor(((GuardStorage) tensor.storage()).inner, tensor.offset(), tensor.shape());
            }
            if (given instanceof GuardIndices indices) {
                return indices.inner;
            }
            if (given instanceof GuardDoubles doubles) {
                return doubles.inner;
            }
            if (given instanceof Tensor[] tensors) {
                Tensor[] plain = new Tensor[tensors.length];
                for (int i = 0; i < plain.length; i++) {
                    plain[i] = (Tensor) unwrap(tensors[i]);
                }
                return plain;
            }
            boolean operands = given instanceof Record
                    && (given.getClass().getPackageName().equals("io.etastar.tensor") && !(given instanceof Window));
            return operands ? unwrapped((Record) given) : given;
        }

        /** A record of operands with each one unwrapped. */
        private static Object unwrapped(Record operands) throws ReflectiveOperationException {
            RecordComponent[] components = operands.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = unwrap(components[i].getAccessor().invoke(operands));
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = operands.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        }
    }

    /** Memory that only copies reach. */
    private static final class GuardStorage extends Storage {
        private final Guard guard;
        private final Storage inner;

        GuardStorage(Guard guard, Storage inner) {
            this.guard = guard;
            this.inner = inner;
        }

        @Override
        public double get(int i) {
            throw new IllegalStateException("the host reads a single element");
        }

        @Override
        public void fill(int at, int count, double value) {
            throw new IllegalStateException("the host fills a tensor");
        }

        @Override
        public void read(int at, double[] out, int count) {
            guard.requireIdle();
            inner.read(at, out, count);
        }

        @Override
        public void read(int at, float[] out, int from, int count) {
            guard.requireIdle();
            inner.read(at, out, from, count);
        }

        @Override
        public void write(int at, double[] values, int count) {
            double[] copy = Arrays.copyOf(values, count);
            guard.queue.add(() -> inner.write(at, copy, count));
        }

        @Override
        public void write(int at, float[] values, int from, int count) {
            float[] copy = Arrays.copyOfRange(values, from, from + count);
            guard.queue.add(() -> inner.write(at, copy, 0, count));
        }

        @Override
        public void write(RawArray source, int from, int at, int count) {
            RawArray copy = RawArray.zeros(source.type(), count);
            copy.copy(source, from, 0, count);
            guard.queue.add(() -> {
                inner.write(copy, 0, at, count);
                inner.written();
            });
        }

        @Override
        public void addTo(RawArray target, int from, int at, int count) {
            guard.requireIdle();
            inner.addTo(target, from, at, count);
        }
    }

    /** Indices that are not read while kernels wait. */
    private static final class GuardIndices extends Indices {
        private final Guard guard;
        private final Indices inner;

        GuardIndices(Guard guard, Indices inner) {
            super(inner.length());
            this.guard = guard;
            this.inner = inner;
        }

        @Override
        public void write(int... values) {
            int[] copy = values.clone();
            guard.queue.add(() -> inner.write(copy));
        }

        @Override
        public int[] toInts() {
            guard.requireIdle();
            return inner.toInts();
        }
    }

    /** Numbers that are not read while kernels wait. */
    private static final class GuardDoubles extends Doubles {
        private final Guard guard;
        private final Doubles inner;

        GuardDoubles(Guard guard, Doubles inner) {
            super(inner.length());
            this.guard = guard;
            this.inner = inner;
        }

        @Override
        public void clear() {
            guard.queue.add(inner::clear);
        }

        @Override
        public void write(double... values) {
            double[] copy = values.clone();
            guard.queue.add(() -> inner.write(copy));
        }

        @Override
        public double[] toDoubles() {
            guard.requireIdle();
            return inner.toDoubles();
        }
    }

    /** A sum that is not read while kernels wait. */
    private record GuardTotal(Guard guard, Total inner) implements Total {
        @Override
        public void clear() {
            guard.queue.add(inner::clear);
        }

        @Override
        public void add() {
            guard.queue.add(inner::add);
        }

        @Override
        public RawArray take() {
            guard.requireIdle();
            return inner.take();
        }
    }
}
