"""Server infrastructure of a process: gate, request context, live boards, asset bundle, mail, timetable, demo."""
