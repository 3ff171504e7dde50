package io.etastar.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes of a file as damage and malice make them; the same random numbers give the same changes. */
final class Mutations {
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        1 << 24,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffffffffL,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "65536",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967296",
            "9223372036854775807",
            "99999999999999999999",
            "1e9",
            "1e999",
            "-0.0",
            "NaN",
            "0.5",
            "null",
            "\"\"",
            "[]",
            "{}",
            "true");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final int DEEP = 20_000;
    private static final int KINDS = 11;

    private final List<byte[]> donors;
    private final List<String> tokens;

    /**
     * @param donors of what is spliced in
     * @param tokens that mean something to the reader
     */
    Mutations(List<byte[]> donors, List<String> tokens) {
        this.donors = donors;
        this.tokens = tokens;
    }

    /** {@code bytes} after one to four changes; they are kept. */
    byte[] apply(byte[] bytes, Random random) {
        byte[] changed = bytes;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            changed = one(changed, random);
        }
        return changed;
    }

    private byte[] one(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(10)));
        return switch (random.nextInt(KINDS)) {
            case 0, 1 -> withBit(bytes, random);
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> replace(bytes, at, length, new byte[0]);
            case 4 -> replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 5 -> splice(bytes, at, length, random);
            case 6, 7 -> withInteger(bytes, at, random);
            case 8 -> withNumber(bytes, random);
            case 9 -> token(bytes, at, length, random);
            default -> repeated(bytes, at, length, random);
        };
    }

    private static byte[] withBit(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    /** A field of 1, 2, 4 or 8 bytes set to an extreme, of either byte order. */
    private static byte[] withInteger(byte[] bytes, int at, Random random) {
        int width = 1 << random.nextInt(4);
        // Headers stand at the beginning or at the end.
        int near = random.nextBoolean() ? at : Math.min(at, random.nextInt(64));
        int place = Math.min(near, bytes.length - width);
        if (place < 0) {
            return bytes;
        }
        long value = random.nextInt(4) == 0 ? random.nextInt(1 << 16) : EXTREMES[random.nextInt(EXTREMES.length)];
        boolean big = random.nextBoolean();
        byte[] all = ByteBuffer.allocate(8)
                .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        byte[] changed = bytes.clone();
        System.arraycopy(all, big ? 8 - width : 0, changed, place, width);
        return changed;
    }

    /** A number in a text set to an extreme. */
    private static byte[] withNumber(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<MatchResult> found = NUMBER.matcher(text).results().limit(500).toList();
        if (found.isEmpty()) {
            return bytes;
        }
        MatchResult one = found.get(random.nextInt(found.size()));
        byte[] number = latin(NUMBERS.get(random.nextInt(NUMBERS.size())));
        return replace(bytes, one.start(), one.end() - one.start(), number);
    }

    private byte[] splice(byte[] bytes, int at, int length, Random random) {
        byte[] donor = donors.get(random.nextInt(donors.size()));
        int from = random.nextInt(donor.length + 1);
        int count = Math.min(donor.length - from, length + random.nextInt(64));
        return replace(bytes, at, length, Arrays.copyOfRange(donor, from, from + count));
    }

    private byte[] token(byte[] bytes, int at, int length, Random random) {
        if (tokens.isEmpty()) {
            return withBit(bytes, random);
        }
        byte[] token = latin(tokens.get(random.nextInt(tokens.size())));
        return replace(bytes, at, random.nextBoolean() ? 0 : Math.min(length, token.length), token);
    }

    /** A few bytes again and again: nesting, long names. */
    private static byte[] repeated(byte[] bytes, int at, int length, Random random) {
        int width = Math.min(length, 4);
        int times = random.nextInt(8) == 0 ? random.nextInt(DEEP) : random.nextInt(16);
        byte[] unit = Arrays.copyOfRange(bytes, at, at + width);
        byte[] run = new byte[unit.length * times];
        for (int i = 0; i < run.length; i++) {
            run[i] = unit[i % unit.length];
        }
        return replace(bytes, at, 0, run);
    }

    private static byte[] replace(byte[] bytes, int at, int length, byte[] by) {
        return ByteBuffer.allocate(bytes.length - length + by.length)
                .put(bytes, 0, at)
                .put(by)
                .put(bytes, at + length, bytes.length - at - length)
                .array();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
