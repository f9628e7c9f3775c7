@echo off
cd /d "%~dp0"
where py >nul 2>nul
if not errorlevel 1 (
  py -@PYTHON@ install.py --uninstall
) else (
  python install.py --uninstall
)
pause
