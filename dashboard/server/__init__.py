"""What a process needs: gate, access, pulse, bundle, mail, timetable, demo."""
