@echo off
rem Makes the environment if there is none, starts the page, opens the browser. The file with the Chinese name is its twin.
setlocal
cd /d "%~dp0"
set "PYTHONUTF8=1"
set "PYTHONSAFEPATH=1"
set "NEW_ENOUGH=import sys; sys.exit(sys.version_info < (3, 11))"
set "FINDER="
py -3 -c "%NEW_ENOUGH%" >nul 2>nul
if not errorlevel 1 set "FINDER=py -3"
if defined FINDER goto environment
python -c "%NEW_ENOUGH%" >nul 2>nul
if not errorlevel 1 set "FINDER=python"
if defined FINDER goto environment
echo Python 3.11 or later is needed and was not found.
echo Xu yao Python 3.11 yi shang: docs\zh\install.md
goto failed

:environment
if exist ".venv\Scripts\python.exe" goto packages
%FINDER% -m venv .venv
if errorlevel 1 goto failed

:packages
".venv\Scripts\python.exe" -c "import allocation, starlette, uvicorn, docx" >nul 2>nul
if not errorlevel 1 goto page
if exist "wheels\" goto offline
".venv\Scripts\python.exe" -m pip install -q -e ".[page,documents]"
if errorlevel 1 goto failed
goto page

:offline
".venv\Scripts\python.exe" -m pip install -q --no-index --find-links wheels "allocation-calculator[page,documents]"
if errorlevel 1 goto failed

:page
".venv\Scripts\python.exe" -m allocation page %*
if errorlevel 1 goto failed
exit /b 0

:failed
pause
exit /b 1
