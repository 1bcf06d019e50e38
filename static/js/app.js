// Puts the modules to work, then lets the socket connect. htmx may have looked at the page before the extensions
// were there, so it looks again.
import { announcements } from "./announce.js";
import { approvals } from "./approvals.js";
import { attachments } from "./attachments.js";
import { composer } from "./composer.js";
import { connection } from "./connection.js";
import { editing } from "./editing.js";
import { follow } from "./follow.js";
import { swaps } from "./swaps.js";
import { times } from "./times.js";
import { together } from "./together.js";
import { waits } from "./waits.js";

swaps();
times();
follow();
attachments();
composer();
approvals();
editing();
together();
waits();
announcements();
connection();
if (window.htmx) {
  htmx.process(document.body);
  document.getElementById("connection")?.dispatchEvent(new CustomEvent("sayso-ready"));
}
