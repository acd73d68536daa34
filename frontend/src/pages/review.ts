/** The page for reviewing sentences: it works without this, which only adds keys. */
import "../elements/vc-review";
