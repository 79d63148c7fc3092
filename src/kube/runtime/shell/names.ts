/** Commands of every image that has a shell; in an unknown image any other word is the image's own program. */
export const commonCommands: ReadonlySet<string> = new Set(
  (
    'sh ash bash dash [ true false echo printf sleep cat wget curl nslookup nc env printenv export date exit touch rm rmdir mkdir ls grep ' +
    'egrep head tail sort uniq wc seq hostname id whoami ps kill trap read expr sed cut tr tee test cp mv find basename dirname uname ' +
    'ping top free df du awk base64 md5sum sha256sum yes rev stat chmod chown ln which xargs timeout nproc uptime mount dd apk apt apt-get ' +
    'pgrep killall pkill tty stty clear vi more less sync shuf time nohup setsid ip ifconfig netstat getent dig host tar gzip sysctl git bc'
  ).split(' '),
);
