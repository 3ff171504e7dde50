package io.etastar.frame;

import io.etastar.table.Scale;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.util.QuantileSummaries;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Count, mean, variance and, if asked for, quantiles of numbers, in double precision. */
final class NumberSurvey implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Quantiles of the scale by quantiles: each thousandth of the rows more or less is one of them. */
    private static final int STEPS = 100;

    private static final double ERROR = 0.001;
    private static final int COMPRESS_AT = 10_000;

    private long count;
    private double mean;
    private double squares;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private QuantileSummaries summaries;

    NumberSurvey(boolean quantiles) {
        summaries = quantiles
                ? new QuantileSummaries(COMPRESS_AT, ERROR, QuantileSummaries.$lessinit$greater$default$3(), 0, false)
                : null;
    }

    /** Adds a number by Welford's method. */
    void add(double x) {
        count++;
        double before = x - mean;
        mean += before / count;
        squares += before * (x - mean);
        least = Math.min(least, x);
        most = Math.max(most, x);
        if (summaries != null) {
            summaries = summaries.insert(x);
        }
    }

    /** Adds what another part counted, by Chan's method. */
    void add(NumberSurvey next) {
        if (next.count == 0) {
            return;
        }
        long all = count + next.count;
        double between = next.mean - mean;
        squares += next.squares + between * between * count / all * next.count;
        mean += between * next.count / all;
        count = all;
        least = Math.min(least, next.least);
        most = Math.max(most, next.most);
        if (summaries != null) {
            summaries = summaries.compress().merge(next.summaries.compress());
        }
    }

    /** The scale of that name: standard, robust, quantile or none. */
    Scale scale(String scaling) {
        if (count == 0) {
            return Scale.IDENTITY;
        }
        if (least == most) {
            return scaling.equals("none") ? Scale.IDENTITY : Scale.linear(least, 1);
        }
        return switch (scaling) {
            case "none" -> Scale.IDENTITY;
            case "standard" -> Scale.linear(mean, Math.sqrt(squares / count));
            case "robust" -> robust();
            default -> Scale.quantiles(quantiles(STEPS));
        };
    }

    /** Median and interquartile range; the standard deviation in place of a range of 0. */
    private Scale robust() {
        double[] quarters = quantiles(4);
        double range = quarters[3] - quarters[1];
        return Scale.linear(quarters[2], range > 0 ? range : Math.sqrt(squares / count));
    }

    private double[] quantiles(int steps) {
        Seq<Object> shares = CollectionConverters.asScala(IntStream.rangeClosed(0, steps)
                        .mapToObj(i -> (Object) ((double) i / steps))
                        .iterator())
                .toSeq();
        Seq<Object> found = summaries.compress().query(shares).get();
        return CollectionConverters.asJava(found).stream()
                .mapToDouble(value -> (Double) value)
                .toArray();
    }
}
