"""Trackers: each a driver in a process of its own that sends our gaze channels over LSL.

To add a driver:

1. Write ``gazecore/devices/<name>.py`` with a class that has the verbs of
   `gazecore.devices.driver.Driver`: ``start(start_s)``, ``read(now_s)`` giving the
   `DeviceSample` of all samples since the last call (oldest first, never blocking, LSL times),
   ``close()``; it says ``name``, ``rate_hz``, ``simulated``, ``finished`` and ``details`` for the
   stream's description; ``calibration`` is an object of the `Calibration` verbs or None; inherit
   `NoPointer` (or `PlainDevice` where it takes a pointer), which answers "not available" for what
   a device may give beside gaze: side streams, events, eye positions, traits.
2. A lost eye is `LOST_EYE` (NaN, flags 0). Never clamp, never fill in, never send a sample twice.
3. Import a vendor's SDK inside the class, and raise `MissingExtraError` where it is absent. A
   callback of an SDK appends to a deque and does nothing else; `read` drains it.
4. Name it in `gazecore.devices.catalogue`, so that ``focusstation tracker <name>`` knows it.
5. Mirror the tests: the driver alone in ``tests/gazecore/devices/test_<name>.py``.

The process around a driver (`gazecore.devices.process`) numbers the samples, applies scripted
faults, writes the truth file and answers the control commands.
"""
