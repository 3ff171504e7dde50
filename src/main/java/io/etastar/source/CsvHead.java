package io.etastar.source;

import io.etastar.UserError;
import io.etastar.settings.DataSettings;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * The first records of a CSV file and how it is written, which its head tells where the settings do not.
 *
 * @param separator of columns
 * @param decimalMark point or comma
 * @param encoding name of a charset
 * @param records the first ones, trimmed
 */
record CsvHead(String separator, String decimalMark, String encoding, List<List<String>> records) {
    private static final int BYTES = 1 << 16;
    private static final int MOST_BYTES = 1 << 24;
    private static final int RECORDS = 50;
    private static final String AUTO = "auto";
    private static final Pattern COMMA = Pattern.compile("[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?");
    private static final Pattern POINT = Pattern.compile("[+-]?[0-9]*\\.[0-9]+([eE][+-]?[0-9]+)?");

    /** @throws UserError if the file cannot be read or its encoding is not known */
    static CsvHead of(Path file, DataSettings.Csv settings) {
        byte[] head = bytes(file, BYTES);
        String encoding = encoding(head, settings.encoding());
        String text = text(head, encoding);
        if (head.length == BYTES && text.lines().limit(3).count() < 3) {
            head = bytes(file, MOST_BYTES);
            text = text(head, encoding);
        }
        boolean whole = head.length < BYTES;
        char quote = settings.quote().isEmpty() ? '\0' : settings.quote().charAt(0);
        String separator = settings.separator();
        if (separator.equals(AUTO)) {
            separator = separator(text, quote, whole);
        }
        List<List<String>> records = records(text, separator, quote, whole);
        String mark = settings.decimalMark();
        return new CsvHead(separator, mark.equals(AUTO) ? mark(separator, records) : mark, encoding, records);
    }

    private static byte[] bytes(Path file, int most) {
        CompressionCodec codec = new CompressionCodecFactory(FileAccess.configuration()).getCodec(file);
        try (InputStream plain = FileAccess.open(file);
                InputStream in = codec == null ? plain : codec.createInputStream(plain)) {
            return in.readNBytes(most);
        } catch (IOException e) {
            throw new UserError(FileAccess.display(file) + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    private static String encoding(byte[] head, String given) {
        if (!given.equals(AUTO)) {
            if (!Charset.isSupported(given)) {
                throw new UserError(
                        UserError.Subject.setting("data.csv.encoding"), given, "a charset, such as ISO-8859-1");
            }
            return given;
        }
        boolean big = head.length > 1 && (head[0] & 0xFF) == 0xFE && (head[1] & 0xFF) == 0xFF;
        boolean little = head.length > 1 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xFF) == 0xFE;
        return big || little ? "UTF-16" : "UTF-8";
    }

    private static String text(byte[] head, String encoding) {
        String text = new String(head, Charset.forName(encoding));
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Whether the file is not in an encoding whose line breaks are bytes of ASCII. */
    boolean isWide() {
        return "a\n".getBytes(Charset.forName(encoding)).length != 2
                || !new String(new byte[] {'\n'}, Charset.forName(encoding)).equals("\n");
    }

    /** Whether Spark reads the encoding without being told. */
    boolean isUtf8() {
        return Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    }

    /** The separator that gives records of equally many columns, the most of them. */
    private static String separator(String text, char quote, boolean whole) {
        return Stream.of(",", ";", "\t", "|")
                .filter(candidate -> columns(records(text, candidate, quote, whole)) > 1)
                .max(Comparator.comparing(candidate -> columns(records(text, candidate, quote, whole))))
                .orElse(",");
    }

    /** Columns of every record; 0 if they are not equally many. */
    private static int columns(List<List<String>> records) {
        int columns = records.isEmpty() ? 0 : records.get(0).size();
        return records.stream().allMatch(record -> record.size() == columns) ? columns : 0;
    }

    private static String mark(String separator, List<List<String>> records) {
        boolean comma = !separator.equals(",")
                && records.stream()
                        .skip(1)
                        .flatMap(List::stream)
                        .anyMatch(cell -> COMMA.matcher(cell).matches());
        boolean point = records.stream()
                .skip(1)
                .flatMap(List::stream)
                .anyMatch(cell -> POINT.matcher(cell).matches());
        return comma && !point ? "," : ".";
    }

    /** The first records; the last of a part of a file is left out, since it may not be whole. */
    static List<List<String>> records(String text, String separator, char quote, boolean whole) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length() && records.size() < RECORDS; i++) {
            char c = text.charAt(i);
            if (quoted && c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
                cell.append(c);
                i++;
            } else if (c == quote && quote != '\0' && (quoted || cell.toString().isBlank())) {
                quoted = !quoted;
            } else if (!quoted && text.startsWith(separator, i)) {
                record.add(cell.toString().strip());
                cell.setLength(0);
                i += separator.length() - 1;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                end(records, record, cell);
                record = new ArrayList<>();
            } else {
                cell.append(c);
            }
        }
        if ((whole || records.isEmpty()) && records.size() < RECORDS) {
            end(records, record, cell);
        }
        return records;
    }

    private static void end(List<List<String>> records, List<String> record, StringBuilder cell) {
        if (!record.isEmpty() || !cell.toString().isBlank()) {
            record.add(cell.toString().strip());
            records.add(record);
        }
        cell.setLength(0);
    }
}
