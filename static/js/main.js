// Entry point: every page loads this one module. Each import wires its own listeners.
import "./submit.js";
import "./dialog.js";
import "./toasts.js";
import "./shortcuts.js";
import "./listnav.js";
import "./fields.js";
import "./blocks.js";
import "./autosave.js";
import "./guard.js";
import "./network.js";
import "./history.js";
import "./tabs.js";
