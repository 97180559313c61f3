"""The only bridge between Qt and the rest. Importing it makes Qt safe on Python 3.11."""

from desktop_app.runtime.constants_guard import keep_constants_alive

keep_constants_alive()
