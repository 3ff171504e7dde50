package io.etastar.data.format;

import io.etastar.testing.Fuzz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Damaged and hostile JPEG and PNG files. */
class ImageFuzzTest {
    private static byte[] image(String format, int type) throws IOException {
        BufferedImage image = new BufferedImage(9, 7, type);
        for (int x = 0; x < 9; x++) {
            image.setRGB(x, x % 7, 0xFF000000 | 20 * x);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static void read(Path file) {
        ImageSource source =
                ImageSource.open(file.getParent().getParent().getParent().toString(), true);
        source.inspect();
        source.read(0, 1);
    }

    @Test
    void png() throws Exception {
        Fuzz.of("png", "train/a/0.png")
                .valid(image("png", BufferedImage.TYPE_INT_RGB))
                .valid(image("png", BufferedImage.TYPE_BYTE_GRAY))
                .valid(image("png", BufferedImage.TYPE_BYTE_INDEXED))
                .tokens("IHDR", "IDAT", "PLTE", "tRNS", "IEND", "iCCP", "zTXt", "iTXt", "gAMA", "sBIT", "hIST")
                .run(ImageFuzzTest::read);
    }

    @Test
    void jpeg() throws Exception {
        Fuzz.of("jpeg", "train/a/0.jpg")
                .valid(image("jpg", BufferedImage.TYPE_INT_RGB))
                .valid(image("jpg", BufferedImage.TYPE_BYTE_GRAY))
                .tokens("\u00ff\u00c0", "\u00ff\u00c2", "\u00ff\u00da", "\u00ff\u00db", "\u00ff\u00e1", "\u00ff\u00ee")
                .tokens("JFIF\0", "Adobe\0", "ICC_PROFILE\0", "\u00ff\u00d8\u00ff")
                .run(ImageFuzzTest::read);
    }
}
