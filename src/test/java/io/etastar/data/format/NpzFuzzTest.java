package io.etastar.data.format;

import io.etastar.testing.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Damaged and hostile .npz files: the zip container, and the arrays within a sound one. */
class NpzFuzzTest {
    private static byte[] resource(String name) throws IOException {
        try (InputStream in = NpzFuzzTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] zip(byte... array) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("../x.npy"));
            zip.write(array);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] array(boolean integral, int... shape) {
        int count = java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return NpyFormat.format(new NpzFile.Array(shape, new double[count], integral));
    }

    @Test
    void everyInputIsReadOrRefused() throws Exception {
        Fuzz.of("npz", "a.npz")
                .valid(resource("dtypes.npz"))
                .valid(resource("perceptron-data.npz"))
                .valid(array(false, 3, 4), NpzFuzzTest::zip)
                .valid(array(true, 7), NpzFuzzTest::zip)
                .tokens(
                        "'fortran_order': True",
                        "'descr': '|b1'",
                        "'shape': ()",
                        "(0, ",
                        "2147483648,",
                        "PK\5\6",
                        "../")
                .run(file -> NpzFile.read(file.toString()));
    }
}
