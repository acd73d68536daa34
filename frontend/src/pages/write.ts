import "../elements/vc-check";
