/** The page for recording. */
import "../elements/vc-meter";
import "../elements/vc-speak";
