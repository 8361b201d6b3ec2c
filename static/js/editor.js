// The drafter's desk. Without it a plain text field and its buttons do everything.
import { startBeside } from "./editing/beside.js";
import { startConflicts } from "./editing/conflicts.js";
import { startFixing } from "./editing/fixing.js";
import { startLoading } from "./editing/loading.js";
import { startSaving } from "./editing/saving.js";
import { startWriting } from "./editing/writing.js";

const form = document.querySelector("form[data-editor]");
if (form) {
  const words = JSON.parse(form.dataset.words);
  const text = startWriting(form.querySelector("textarea[name=source]"), words);
  startSaving(form, text, words);
  const beside = startBeside(form, text);
  startFixing(form, text, beside, words);
}
startConflicts();
startLoading();
