package io.etastar.data;

/** A source that changes some part of another one and forwards the rest. */
abstract class ForwardingSource implements DataSource {
    private static final long serialVersionUID = 1L;

    /** The other one. */
    protected final DataSource source;

    ForwardingSource(DataSource source) {
        this.source = source;
    }

    @Override
    public RowShape shape() {
        return source.shape();
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public Shard read(int from, int to) {
        return source.read(from, to);
    }

    @Override
    public Standardisation inspect() {
        return source.inspect();
    }
}
