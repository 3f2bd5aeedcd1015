"""Icons, styles, translations and protocols shipped with the station; no patient data ever."""
