/** On every page: the look, the outbox that tells what waits, and the service worker. */
import "../../styles/site.css";
import "../elements/vc-idle";
import "../elements/vc-outbox";
import "../elements/vc-outbox-list";
import { startCourier } from "../outbox/courier";

startCourier();
if ("serviceWorker" in navigator) {
  // Once the page is there: what the worker fetches must not slow it down.
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}
