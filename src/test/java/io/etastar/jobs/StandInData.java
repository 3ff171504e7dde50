package io.etastar.jobs;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Noise in the files of Fashion-MNIST and runs of characters, 40 rows to train on and 40 to test on, and of CIFAR-10, an image of each class. */
final class StandInData {
    private static final int CLASSES = 10;
    private static final int ROWS = 40;
    private static final int LENGTH = 16;

    private final Random random = new Random(1);
    private final Path idx;
    private final Path images;
    private final Path characters;

    StandInData(Path directory) throws IOException {
        idx = Files.createDirectories(directory.resolve("idx"));
        images = directory.resolve("images");
        characters = directory.resolve("characters.npz");
        for (String part : new String[] {"train", "t10k"}) {
            writeIdx(part);
        }
        for (String part : new String[] {"train", "test"}) {
            writeImages(part);
        }
        writeCharacters();
    }

    /** An experiment's file with these data; those of tables are nowhere. */
    String inPlaceOf(String text) {
        return text.replace("/usr/share/datasets/fashion-mnist", quoted(idx))
                .replace("${?ETASTAR_CIFAR10}", quoted(images))
                .replace("${?ETASTAR_CHARACTERS}", quoted(characters))
                .replace("${?ETASTAR_TABLES}", quoted(idx.resolve("nowhere")));
    }

    private static String quoted(Path path) {
        return '"' + path.toString() + '"';
    }

    private byte[] noise(int length, int below) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(below);
        }
        return bytes;
    }

    private void writeIdx(String part) throws IOException {
        writeIdx(part + "-images-idx3-ubyte", noise(ROWS * 28 * 28, 256), 0x803, ROWS, 28, 28);
        writeIdx(part + "-labels-idx1-ubyte", noise(ROWS, CLASSES), 0x801, ROWS);
    }

    private void writeIdx(String name, byte[] values, int... header) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(idx.resolve(name)))) {
            for (int word : header) {
                out.writeInt(word);
            }
            out.write(values);
        }
    }

    private void writeImages(String part) throws IOException {
        for (int label = 0; label < CLASSES; label++) {
            Path folder = Files.createDirectories(images.resolve(part + "/" + label));
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 32 * 32; p++) {
                image.setRGB(p % 32, p / 32, random.nextInt());
            }
            ImageIO.write(image, "png", folder.resolve("0.png").toFile());
        }
    }

    private void writeCharacters() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(characters))) {
            for (String part : new String[] {"train", "test"}) {
                write(zip, "x_" + part, "(" + ROWS + ", " + LENGTH + ")", ROWS * LENGTH);
                write(zip, "y_" + part, "(" + ROWS + ",)", ROWS);
            }
        }
    }

    private void write(ZipOutputStream zip, String name, String shape, int length) throws IOException {
        String header = String.format(
                Locale.ROOT, "%-117s\n", "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        bytes.write(header.getBytes(StandardCharsets.US_ASCII));
        bytes.write(noise(length, 70));
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(bytes.toByteArray());
        zip.closeEntry();
    }
}
