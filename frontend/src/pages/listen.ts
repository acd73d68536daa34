/** The page for judging clips. */
import "../elements/vc-listen";
