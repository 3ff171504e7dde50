package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.hadoop.fs.Path;

/**
 * A decoded image of eight bits a channel.
 *
 * @param shape [C, H, W]: one channel for grey, three for colours (palettes too), one more if there is transparency
 * @param values 0 to 255 at [channel, row, column]; shared
 */
public record ImageFile(int[] shape, int[] values) {
    private static final int MOST_BYTES = 1 << 26;
    private static final int MOST_PIXELS = 1 << 22;
    private static final Set<String> FORMATS = Set.of("jpeg", "png");

    /** Whether a file is to be an image, by its name. */
    static boolean named(String name) {
        return name.toLowerCase(Locale.ROOT).matches("[^._].*\\.(jpe?g|png)");
    }

    /**
     * Reads a file.
     *
     * @throws UserError if it cannot be read or is no image of eight bits a channel
     */
    static ImageFile read(Path file) {
        try (InputStream in = FileAccess.open(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            return of(FileAccess.display(file), bytes);
        } catch (IOException e) {
            throw noImage(FileAccess.display(file), e);
        }
    }

    /**
     * Decodes the bytes of a file.
     *
     * @param file name for messages
     * @throws UserError if they are no image of eight bits a channel
     */
    public static ImageFile of(String file, byte... bytes) {
        if (bytes.length > MOST_BYTES) {
            throw error(file, "found more than " + MOST_BYTES + " bytes, expected a smaller image");
        }
        try {
            BufferedImage image = decode(file, bytes);
            return image.getColorModel() instanceof IndexColorModel colours
                    ? isGrey(colours) ? grey(image) : palette(image)
                    : channels(file, image);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // The last two are how the JDK's decoders meet some damaged files.
            throw noImage(file, e);
        }
    }

    private static UserError noImage(String file, Exception cause) {
        return error(file, "found no whole image (" + FileAccess.firstLine(cause) + "), expected a JPEG or PNG file");
    }

    /** From memory: no temporary file, and no reading in small pieces. Sizes are looked at before anything is allocated. */
    private static BufferedImage decode(String file, byte... bytes) throws IOException {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            ImageReader reader = readers.hasNext() ? readers.next() : null;
            if (reader == null || !FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                throw error(file, "found no image, expected a JPEG or PNG file");
            }
            try {
                reader.setInput(stream, true, true);
                long width = reader.getWidth(0);
                long height = reader.getHeight(0);
                if (width * height > MOST_PIXELS) {
                    throw error(
                            file,
                            "found " + width + " x " + height + " pixels, expected at most " + MOST_PIXELS
                                    + " in an image");
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        }
    }

    private static ImageFile channels(String file, BufferedImage image) {
        Raster raster = image.getRaster();
        int bits = Arrays.stream(raster.getSampleModel().getSampleSize()).max().orElse(0);
        if (bits != 8) {
            throw error(file, "found " + bits + " bits a channel, expected 8");
        }
        int count = raster.getNumBands();
        int pixels = image.getWidth() * image.getHeight();
        int[] values = new int[count * pixels];
        for (int c = 0; c < count; c++) {
            int[] samples = raster.getSamples(0, 0, image.getWidth(), image.getHeight(), c, (int[]) null);
            System.arraycopy(samples, 0, values, c * pixels, pixels);
        }
        return new ImageFile(new int[] {count, image.getHeight(), image.getWidth()}, values);
    }

    /** Grey of fewer than eight bits comes as the palette of its levels. */
    private static boolean isGrey(IndexColorModel colours) {
        for (int i = 0; i < colours.getMapSize(); i++) {
            if (colours.getRed(i) != colours.getGreen(i)
                    || colours.getRed(i) != colours.getBlue(i)
                    || colours.getRed(i) != Math.round(255f * i / (colours.getMapSize() - 1))) {
                return false;
            }
        }
        return !colours.hasAlpha() && colours.getMapSize() > 1 && colours.getPixelSize() < 8;
    }

    private static ImageFile grey(BufferedImage image) {
        int[] levels = Arrays.copyOf(palette(image).values(), image.getWidth() * image.getHeight());
        return new ImageFile(new int[] {1, image.getHeight(), image.getWidth()}, levels);
    }

    private static ImageFile palette(BufferedImage image) {
        int width = image.getWidth();
        int pixels = width * image.getHeight();
        int[] colours = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        int[] values = new int[3 * pixels];
        for (int p = 0; p < pixels; p++) {
            values[p] = colours[p] >> 16 & 0xFF;
            values[pixels + p] = colours[p] >> 8 & 0xFF;
            values[2 * pixels + p] = colours[p] & 0xFF;
        }
        return new ImageFile(new int[] {3, image.getHeight(), width}, values);
    }

    static UserError error(Path file, String message) {
        return error(FileAccess.display(file), message);
    }

    private static UserError error(String file, String message) {
        return new UserError(file + ": " + message);
    }
}
