/** The page for recording. */
import "../elements/vc-meter";
import "../elements/vc-miccheck";
import "../elements/vc-report";
import "../elements/vc-speak";
