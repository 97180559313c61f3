"""The only bridge between Qt and the rest. Importing it makes signals safe on Python 3.11."""

from desktop_app.runtime.signal_guard import keep_true_alive

keep_true_alive()
