/** The page for judging clips. */
import "../elements/vc-report";
import "../elements/vc-listen";
