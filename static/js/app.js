// What every page loads. All of it is an extra: each page reads, and each form sends, without it.
// Listeners sit on the document, so words swapped in later need nothing done to them.
import { startContents } from "./contents.js";
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startKeeping } from "./keep.js";
import { startMarks } from "./marks.js";
import { startMenus } from "./menus.js";
import { startReading } from "./read.js";
import { startSelection } from "./selection.js";
import { startSheets } from "./sheets.js";
import { startShortcuts } from "./shortcuts.js";

startForms();
startKeeping();
startMenus();
startDialogs();
startSheets();
startContents();
startSelection();
startMarks();
startShortcuts();
startReading();
