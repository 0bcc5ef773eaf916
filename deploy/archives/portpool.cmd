@echo off
rem Runs portpool with Java 25 or later: that of JAVA_HOME, else the first in PATH.
setlocal
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
"%java%" "@%~dp0jvm.options" %PORTPOOL_JAVA_OPTS% -jar "%~dp0portpool.jar" %*
exit /b %errorlevel%
