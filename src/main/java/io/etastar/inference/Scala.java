package io.etastar.inference;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.Function1;
import scala.PartialFunction;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractPartialFunction;

/** Scala's collections and functions, which Catalyst's trees take and give, from Java. */
final class Scala {
    private Scala() {}

    /** A view. */
    static <T> List<T> list(scala.collection.Seq<T> seq) {
        return CollectionConverters.asJava(seq);
    }

    /** A copy. */
    static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    static AttributeSet attributes(Seq<Attribute> columns) {
        return AttributeSet.apply(columns.<Expression>map(column -> column));
    }

    static <T, R> Function1<T, R> function(Function<T, R> body) {
        return new AbstractFunction1<>() {
            @Override
            public R apply(T argument) {
                return body.apply(argument);
            }
        };
    }

    /** Defined for expressions for which {@code body} does not give null. */
    static PartialFunction<Expression, Expression> partial(Function<Expression, Expression> body) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Expression argument) {
                return body.apply(argument) != null;
            }

            @Override
            @SuppressWarnings("unchecked")
            public <A extends Expression, B> B applyOrElse(A argument, Function1<A, B> otherwise) {
                Expression found = body.apply(argument);
                return found == null ? otherwise.apply(argument) : (B) found;
            }
        };
    }
}
