package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.TableEncoder;
import io.etastar.table.TableEncoding;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Inputs of a network, an array of floats or doubles, as an expression of the columns of a table; null for rows that are left out. */
public final class EncodedRow extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1L;

    private final TableEncoding encoding;
    private final boolean doubles;
    private final Seq<Expression> columns;
    private transient TableEncoder encoder;
    private transient Object[] raw;
    private transient double[] inputs;

    /**
     * An expression; public for Catalyst, which copies nodes by their constructor.
     *
     * @param doubles whether inputs are doubles
     * @param columns one for each of the encoding's
     */
    public EncodedRow(TableEncoding encoding, boolean doubles, Seq<Expression> columns) {
        this.encoding = encoding;
        this.doubles = doubles;
        this.columns = columns;
    }

    @Override
    public DataType dataType() {
        return new ArrayType(doubles ? DataTypes.DoubleType : DataTypes.FloatType, false);
    }

    @Override
    public boolean nullable() {
        return encoding.invalid() == TableEncoding.Invalid.SKIP;
    }

    @Override
    public Object eval(InternalRow input) {
        if (encoder == null) {
            encoder = new TableEncoder(encoding);
            raw = new Object[encoding.columns().size()];
            inputs = new double[encoding.width()];
        }
        for (int i = 0; i < raw.length; i++) {
            Expression column = columns.apply(i);
            ColumnEncoding known = encoding.columns().get(i);
            raw[i] = RawValues.of(column.eval(input), column.dataType(), known.kind());
        }
        String problem = encoder.encode(raw, inputs);
        if (problem != null) {
            if (nullable()) {
                return null;
            }
            throw new UserError(problem);
        }
        return doubles ? UnsafeArrayData.fromPrimitiveArray(inputs) : floats();
    }

    private UnsafeArrayData floats() {
        float[] rounded = new float[inputs.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) inputs[i];
        }
        return UnsafeArrayData.fromPrimitiveArray(rounded);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public Seq<Expression> children() {
        return columns;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new EncodedRow(encoding, doubles, children);
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int n) {
        return List.of(encoding, doubles, columns).get(n);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof EncodedRow;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedRow that
                && encoding == that.encoding
                && doubles == that.doubles
                && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(encoding) + columns.hashCode();
    }

    @Override
    public String prettyName() {
        return "encoded_row";
    }

    @Override
    public String toString() {
        return "encoded_row("
                + String.join(
                        ", ",
                        CollectionConverters.asJava(columns).stream()
                                .map(Expression::toString)
                                .toList())
                + ")";
    }
}
