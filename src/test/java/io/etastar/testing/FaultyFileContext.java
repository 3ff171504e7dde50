package io.etastar.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;

/** {@link FaultyFileSystem} for Hadoop's FileContext. */
public final class FaultyFileContext extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public FaultyFileContext(URI name, Configuration conf) throws IOException, URISyntaxException {
        super(name, new FaultyFileSystem(), conf, FaultyFileSystem.SCHEME, false);
    }

    @Override
    public int getUriDefaultPort() {
        return -1;
    }
}
