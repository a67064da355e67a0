/**
 * What the C library takes: macros, types and functions of its headers, and what its archives define; names with a leading
 * underscore are left out. Newlib's, which has all of the standard and of POSIX. test/bundle/cNames.test.ts asks gcc for them.
 */
export const LIBRARY_NAMES = `
  ATOMIC_BOOL_LOCK_FREE ATOMIC_CHAR16_T_LOCK_FREE ATOMIC_CHAR32_T_LOCK_FREE ATOMIC_CHAR_LOCK_FREE ATOMIC_FLAG_INIT
  ATOMIC_INT_LOCK_FREE ATOMIC_LLONG_LOCK_FREE ATOMIC_LONG_LOCK_FREE ATOMIC_POINTER_LOCK_FREE ATOMIC_SHORT_LOCK_FREE ATOMIC_VAR_INIT
  ATOMIC_WCHAR_T_LOCK_FREE BIG_ENDIAN BUFSIZ BYTE_ORDER CHAR_BIT CHAR_MAX CHAR_MIN CLK_TCK CLOCKS_PER_SEC CLOCK_ALLOWED
  CLOCK_DISABLED CLOCK_DISALLOWED CLOCK_ENABLED CLOCK_REALTIME DBL_DECIMAL_DIG DBL_DIG DBL_EPSILON DBL_HAS_SUBNORM DBL_MANT_DIG
  DBL_MAX DBL_MAX_10_EXP DBL_MAX_EXP DBL_MIN DBL_MIN_10_EXP DBL_MIN_EXP DBL_TRUE_MIN DECIMAL_DIG E2BIG EACCES EADDRINUSE
  EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF EBADMSG EBUSY ECANCELED ECHILD ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK
  EDESTADDRREQ EDOM EDQUOT EEXIST EFAULT EFBIG EFTYPE EHOSTDOWN EHOSTUNREACH EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO EISCONN
  EISDIR ELOOP EMFILE EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG ENETDOWN ENETRESET ENETUNREACH ENFILE ENOBUFS ENODATA ENODEV ENOENT
  ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTCONN ENOTDIR ENOTEMPTY ENOTRECOVERABLE ENOTSOCK
  ENOTSUP ENOTTY ENXIO EOF EOPNOTSUPP EOVERFLOW EOWNERDEAD EPERM EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE EROFS
  ESPIPE ESRCH ESTALE ETIME ETIMEDOUT ETOOMANYREFS ETXTBSY EWOULDBLOCK EXDEV EXIT_FAILURE EXIT_SUCCESS FD_CLR FD_ISSET FD_SET
  FD_SETSIZE FD_ZERO FE_ALL_EXCEPT FE_DFL_ENV FILE FILENAME_MAX FLT_DECIMAL_DIG FLT_DIG FLT_EPSILON FLT_EVAL_METHOD FLT_HAS_SUBNORM
  FLT_MANT_DIG FLT_MAX FLT_MAX_10_EXP FLT_MAX_EXP FLT_MIN FLT_MIN_10_EXP FLT_MIN_EXP FLT_RADIX FLT_ROUNDS FLT_TRUE_MIN FOPEN_MAX
  FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO HAVE_INITFINI_ARRAY HUGE_VAL HUGE_VALF HUGE_VALL I
  INFINITY INT16_C INT16_MAX INT16_MIN INT32_C INT32_MAX INT32_MIN INT64_C INT64_MAX INT64_MIN INT8_C INT8_MAX INT8_MIN INTMAX_C
  INTMAX_MAX INTMAX_MIN INTPTR_MAX INTPTR_MIN INT_FAST16_MAX INT_FAST16_MIN INT_FAST32_MAX INT_FAST32_MIN INT_FAST64_MAX
  INT_FAST64_MIN INT_FAST8_MAX INT_FAST8_MIN INT_LEAST16_MAX INT_LEAST16_MIN INT_LEAST32_MAX INT_LEAST32_MIN INT_LEAST64_MAX
  INT_LEAST64_MIN INT_LEAST8_MAX INT_LEAST8_MIN INT_MAX INT_MIN LC_ALL LC_ALL_MASK LC_COLLATE LC_COLLATE_MASK LC_CTYPE LC_CTYPE_MASK
  LC_GLOBAL_LOCALE LC_MESSAGES LC_MESSAGES_MASK LC_MONETARY LC_MONETARY_MASK LC_NUMERIC LC_NUMERIC_MASK LC_TIME LC_TIME_MASK
  LDBL_DECIMAL_DIG LDBL_DIG LDBL_EPSILON LDBL_HAS_SUBNORM LDBL_MANT_DIG LDBL_MAX LDBL_MAX_10_EXP LDBL_MAX_EXP LDBL_MIN
  LDBL_MIN_10_EXP LDBL_MIN_EXP LDBL_TRUE_MIN LITTLE_ENDIAN LLONG_MAX LLONG_MIN LONG_LONG_MAX LONG_LONG_MIN LONG_MAX LONG_MIN
  L_ctermid L_tmpnam MATH_ERREXCEPT MATH_ERRNO MAXFLOAT MB_CUR_MAX MB_LEN_MAX MINSIGSTKSZ M_1_PI M_2_PI M_2_SQRTPI M_3PI_4 M_E
  M_INVLN2 M_IVLN10 M_LN10 M_LN2 M_LN2HI M_LN2LO M_LOG10E M_LOG2E M_LOG2_E M_PI M_PI_2 M_PI_4 M_SQRT1_2 M_SQRT2 M_SQRT3 M_SQRTPI
  M_TWOPI NAN NFDBITS NSIG NULL PDP_ENDIAN PRIX16 PRIX32 PRIX8 PRIXFAST16 PRIXFAST32 PRIXFAST8 PRIXLEAST16 PRIXLEAST32 PRIXLEAST8
  PRIXMAX PRIXPTR PRId16 PRId32 PRId8 PRIdFAST16 PRIdFAST32 PRIdFAST8 PRIdLEAST16 PRIdLEAST32 PRIdLEAST8 PRIdMAX PRIdPTR PRIi16
  PRIi32 PRIi8 PRIiFAST16 PRIiFAST32 PRIiFAST8 PRIiLEAST16 PRIiLEAST32 PRIiLEAST8 PRIiMAX PRIiPTR PRIo16 PRIo32 PRIo8 PRIoFAST16
  PRIoFAST32 PRIoFAST8 PRIoLEAST16 PRIoLEAST32 PRIoLEAST8 PRIoMAX PRIoPTR PRIu16 PRIu32 PRIu8 PRIuFAST16 PRIuFAST32 PRIuFAST8
  PRIuLEAST16 PRIuLEAST32 PRIuLEAST8 PRIuMAX PRIuPTR PRIx16 PRIx32 PRIx8 PRIxFAST16 PRIxFAST32 PRIxFAST8 PRIxLEAST16 PRIxLEAST32
  PRIxLEAST8 PRIxMAX PRIxPTR PTHREAD_CREATE_DETACHED PTHREAD_CREATE_JOINABLE PTHREAD_EXPLICIT_SCHED PTHREAD_INHERIT_SCHED
  PTHREAD_SCOPE_PROCESS PTHREAD_SCOPE_SYSTEM PTRDIFF_MAX PTRDIFF_MIN P_tmpdir RAND_MAX SA_NOCLDSTOP SCHAR_MAX SCHAR_MIN SCHED_FIFO
  SCHED_OTHER SCHED_RR SCNd16 SCNd32 SCNdFAST16 SCNdFAST32 SCNdLEAST16 SCNdLEAST32 SCNdMAX SCNdPTR SCNi16 SCNi32 SCNiFAST16
  SCNiFAST32 SCNiLEAST16 SCNiLEAST32 SCNiMAX SCNiPTR SCNo16 SCNo32 SCNoFAST16 SCNoFAST32 SCNoLEAST16 SCNoLEAST32 SCNoMAX SCNoPTR
  SCNu16 SCNu32 SCNuFAST16 SCNuFAST32 SCNuLEAST16 SCNuLEAST32 SCNuMAX SCNuPTR SCNx16 SCNx32 SCNxFAST16 SCNxFAST32 SCNxLEAST16
  SCNxLEAST32 SCNxMAX SCNxPTR SEEK_CUR SEEK_END SEEK_SET SHRT_MAX SHRT_MIN SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGEMT
  SIGEV_NONE SIGEV_SIGNAL SIGEV_THREAD SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGLOST SIGPIPE SIGPOLL SIGPROF SIGQUIT
  SIGSEGV SIGSTKSZ SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ
  SIG_ATOMIC_MAX SIG_ATOMIC_MIN SIG_BLOCK SIG_DFL SIG_ERR SIG_IGN SIG_SETMASK SIG_UNBLOCK SIZE_MAX SI_ASYNCIO SI_MESGQ SI_QUEUE
  SI_TIMER SI_USER SS_DISABLE SS_ONSTACK TIMER_ABSTIME TIMESPEC_TO_TIMEVAL TIMEVAL_TO_TIMESPEC TMP_MAX UCHAR_MAX UINT16_C UINT16_MAX
  UINT32_C UINT32_MAX UINT64_C UINT64_MAX UINT8_C UINT8_MAX UINTMAX_C UINTMAX_MAX UINTPTR_MAX UINT_FAST16_MAX UINT_FAST32_MAX
  UINT_FAST64_MAX UINT_FAST8_MAX UINT_LEAST16_MAX UINT_LEAST32_MAX UINT_LEAST64_MAX UINT_LEAST8_MAX UINT_MAX ULLONG_MAX
  ULONG_LONG_MAX ULONG_MAX USHRT_MAX WCHAR_MAX WCHAR_MIN WEOF WINT_MAX WINT_MIN a64l abort abs access acos acosf acosh acoshf acoshl
  acosl alignas aligned_alloc alignof alloca and and_eq arc4random arc4random_buf arc4random_uniform argz_add argz_add_sep
  argz_append argz_count argz_create argz_create_sep argz_delete argz_extract argz_insert argz_next argz_replace argz_stringify
  asctime asctime_r asin asinf asinh asinhf asinhl asinl asiprintf asniprintf asnprintf asprintf assert at_quick_exit atan atan2
  atan2f atan2l atanf atanh atanhf atanhl atanl atexit atof atoff atoi atol atoll atomic_bool atomic_char atomic_char16_t
  atomic_char32_t atomic_compare_exchange_strong atomic_compare_exchange_strong_explicit atomic_compare_exchange_weak
  atomic_compare_exchange_weak_explicit atomic_exchange atomic_exchange_explicit atomic_fetch_add atomic_fetch_add_explicit
  atomic_fetch_and atomic_fetch_and_explicit atomic_fetch_or atomic_fetch_or_explicit atomic_fetch_sub atomic_fetch_sub_explicit
  atomic_fetch_xor atomic_fetch_xor_explicit atomic_flag atomic_flag_clear atomic_flag_clear_explicit atomic_flag_test_and_set
  atomic_flag_test_and_set_explicit atomic_init atomic_int atomic_int_fast16_t atomic_int_fast32_t atomic_int_fast64_t
  atomic_int_fast8_t atomic_int_least16_t atomic_int_least32_t atomic_int_least64_t atomic_int_least8_t atomic_intmax_t
  atomic_intptr_t atomic_is_lock_free atomic_llong atomic_load atomic_load_explicit atomic_long atomic_ptrdiff_t atomic_schar
  atomic_short atomic_signal_fence atomic_size_t atomic_store atomic_store_explicit atomic_thread_fence atomic_uchar atomic_uint
  atomic_uint_fast16_t atomic_uint_fast32_t atomic_uint_fast64_t atomic_uint_fast8_t atomic_uint_least16_t atomic_uint_least32_t
  atomic_uint_least64_t atomic_uint_least8_t atomic_uintmax_t atomic_uintptr_t atomic_ullong atomic_ulong atomic_ushort
  atomic_wchar_t bcmp bcopy bitand bitor blkcnt_t blksize_t bool bsearch btowc bzero cabs cabsf cabsl cacos cacosf cacosh cacoshf
  cacoshl cacosl caddr_t calloc carg cargf cargl casin casinf casinh casinhf casinhl casinl catan catanf catanh catanhf catanhl
  catanl category cbrt cbrtf cbrtl ccos ccosf ccosh ccoshf ccoshl ccosl ceil ceilf ceill cexp cexpf cexpl cfree cimag cimagf cimagl
  cleanup_glue clearerr clearerr_unlocked clock clock_t clockid_t clog clog10 clog10f clogf clogl close compl complex conj conjf
  conjl copysign copysignf copysignl cos cosf cosh coshf coshl cosl cpow cpowf cpowl cproj cprojf cprojl creal crealf creall csin
  csinf csinh csinhf csinhl csinl csqrt csqrtf csqrtl ctan ctanf ctanh ctanhf ctanhl ctanl ctermid ctime ctime_r daddr_t
  dbm_clearerr dbm_close dbm_delete dbm_dirfno dbm_error dbm_fetch dbm_firstkey dbm_nextkey dbm_open dbm_store dev_t difftime
  diprintf div div_t double_t dprintf drand48 drem dremf duplocale ecvt ecvtbuf ecvtf environ envz_add envz_entry envz_get
  envz_merge envz_remove envz_strip erand48 erf erfc erfcf erfcl erff erfl errno error_t execve exit exp exp10 exp10f exp2 exp2f
  exp2l expf expl explicit_bzero expm1 expm1f expm1l fabs fabsf fabsl false fast_putc fclose fcloseall fcntl fcvt fcvtbuf fcvtf
  fd_mask fd_set fdim fdimf fdiml fdopen feclearexcept fegetenv fegetexceptflag fegetround feholdexcept fenv_t feof feof_unlocked
  feraiseexcept ferror ferror_unlocked fesetenv fesetexceptflag fesetround fetestexcept feupdateenv fexcept_t fflush fflush_unlocked
  ffs ffsl ffsll fgetc fgetc_unlocked fgetpos fgets fgets_unlocked fgetwc fgetwc_unlocked fgetws fgetws_unlocked fileno
  fileno_unlocked finite finitef finitel fiprintf fiscanf float_t flockfile floor floorf floorl fls flsl flsll fma fmaf fmal fmax
  fmaxf fmaxl fmemopen fmin fminf fminl fmod fmodf fmodl fopen fopencookie fork fpclassify fpos_t fprintf fpurge fputc
  fputc_unlocked fputs fputs_unlocked fputwc fputwc_unlocked fputws fputws_unlocked fread fread_unlocked free freelocale freopen
  frexp frexpf frexpl fropen fsblkcnt_t fscanf fseek fseeko fsetpos fsfilcnt_t fstat ftell ftello ftrylockfile funlockfile funopen
  fwide fwopen fwprintf fwrite fwrite_unlocked fwscanf gamma gamma_r gammaf gammaf_r gcvt gcvtf getc getc_unlocked getchar
  getchar_unlocked getenv getopt getopt_long getopt_long_only getpid gets getsubopt gettimeofday getw getwc getwc_unlocked getwchar
  getwchar_unlocked gid_t gmtime gmtime_r hcreate hcreate_r hdestroy hdestroy_r hsearch hsearch_r hypot hypotf hypotl id_t ilogb
  ilogbf ilogbl imaxabs imaxdiv imaxdiv_t in_addr_t in_port_t index infinity infinityf initstate ino_t intmax_t intptr_t iprintf
  isalnum isalnum_l isalpha isalpha_l isascii isascii_l isatty isblank isblank_l iscanf iscntrl iscntrl_l isdigit isdigit_l isfinite
  isgraph isgraph_l isgreater isgreaterequal isinf isinff isless islessequal islessgreater islower islower_l isnan isnanf isnormal
  isprint isprint_l ispunct ispunct_l isspace isspace_l isunordered isupper isupper_l iswalnum iswalnum_l iswalpha iswalpha_l
  iswblank iswblank_l iswcntrl iswcntrl_l iswctype iswctype_l iswdigit iswdigit_l iswgraph iswgraph_l iswlower iswlower_l iswprint
  iswprint_l iswpunct iswpunct_l iswspace iswspace_l iswupper iswupper_l iswxdigit iswxdigit_l isxdigit isxdigit_l itoa j0 j0f j1
  j1f jmp_buf jn jnf jrand48 key_t kill kill_dependency killpg l64a labs lcong48 ldexp ldexpf ldexpl ldiv ldiv_t lgamma lgamma_r
  lgammaf lgammaf_r lgammal link llabs lldiv lldiv_t llrint llrintf llrintl llround llroundf llroundl locale_t localeconv localtime
  localtime_r log log10 log10f log10l log1p log1pf log1pl log2 log2f log2l logb logbf logbl logf logl longjmp lrand48 lrint lrintf
  lrintl lround lroundf lroundl lseek mallinfo malloc malloc_stats malloc_trim malloc_usable_size mallopt math_errhandling
  max_align_t mblen mbrlen mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstate_t mbstowcs mbtowc memalign memccpy memchr memcmp memcpy
  memmem memmove memory_order memory_order_acq_rel memory_order_acquire memory_order_consume memory_order_relaxed
  memory_order_release memory_order_seq_cst mempcpy memrchr memset mkdtemp mkostemp mkostemps mkstemp mkstemps mktemp mktime mode_t
  modf modff modfl mrand48 mstats nan nanf nanl nearbyint nearbyintf nearbyintl newlocale nextafter nextafterf nextafterl nexttoward
  nexttowardf nexttowardl nl_langinfo nl_langinfo_l nlink_t noreturn not not_eq nrand48 off_t offsetof on_exit open open_memstream
  open_wmemstream optarg opterr optind optopt or or_eq pclose perror physadr pid_t popen posix_memalign pow pow10 pow10f powf powl
  printf pselect psignal pthread_attr_t pthread_cond_t pthread_condattr_t pthread_key_t pthread_kill pthread_mutex_t
  pthread_mutexattr_t pthread_once_t pthread_sigmask pthread_t ptrdiff_t putc putc_unlocked putchar putchar_unlocked putenv puts
  putw putwc putwc_unlocked putwchar putwchar_unlocked pvalloc qsort qsort_r quad quick_exit raise rand rand_r random rawmemchr read
  realloc reallocarray reallocf realpath register_t remainder remainderf remainderl remove remquo remquof remquol rename renameat
  restore_core_regs rewind rindex rint rintf rintl round roundf roundl rpmatch sbintime_t sbrk scalb scalbf scalbln scalblnf
  scalblnl scalbn scalbnf scalbnl scanf seed48 select setbuf setbuffer setenv setjmp setlinebuf setlocale setstate setvbuf
  sig_atomic_t sig_t sigaction sigaddset sigaltstack sigdelset sigemptyset sigfillset siginfo_t sigismember signal signbit signgam
  significand significandf sigpause sigpending sigprocmask sigqueue sigset_t sigsuspend sigtimedwait sigwait sigwaitinfo sin sincos
  sincosf sinf sinh sinhf sinhl sinl siprintf siscanf size_t sniprintf snprintf sprintf sqrt sqrtf sqrtl srand srand48 srandom
  sscanf ssize_t stack_t stat static_assert stderr stdin stdout stpcpy stpncpy strcasecmp strcasecmp_l strcasestr strcat strchr
  strchrnul strcmp strcoll strcoll_l strcpy strcspn strdup strerror strerror_l strerror_r strftime strftime_l strlcat strlcpy strlen
  strlwr strncasecmp strncasecmp_l strncat strncmp strncpy strndup strnlen strnstr strpbrk strptime strptime_l strrchr strsep
  strsignal strspn strstr strtod strtod_l strtodf strtof strtof_l strtoimax strtoimax_l strtok strtok_r strtol strtol_l strtold
  strtold_l strtoll strtoll_l strtoul strtoul_l strtoull strtoull_l strtoumax strtoumax_l strupr strverscmp strxfrm strxfrm_l
  suboptarg suseconds_t swab swprintf swscanf system tan tanf tanh tanhf tanhl tanl tdelete tdestroy tempnam tfind tgamma tgammaf
  tgammal time time_t timer_t times timingsafe_bcmp timingsafe_memcmp tm_year_base tmpfile tmpnam toascii toascii_l tolower
  tolower_l toupper toupper_l towctrans towctrans_l towlower towlower_l towupper towupper_l true trunc truncf truncl tsearch twalk
  tzname tzset u_char u_int u_int16_t u_int32_t u_int64_t u_int8_t u_long u_register_t u_short uid_t uint uintmax_t uintptr_t ulong
  ungetc ungetwc unlink unsetenv useconds_t uselocale ushort utoa va_arg va_copy va_end va_list va_start valloc vasiprintf
  vasniprintf vasnprintf vasprintf vdiprintf vdprintf vfiprintf vfiscanf vfiwprintf vfiwscanf vfprintf vfscanf vfwprintf vfwscanf
  viprintf viscanf vprintf vscanf vsiprintf vsiscanf vsniprintf vsnprintf vsprintf vsscanf vswprintf vswscanf vwprintf vwscanf wait
  wchar_t wcpcpy wcpncpy wcrtomb wcscasecmp wcscasecmp_l wcscat wcschr wcscmp wcscoll wcscoll_l wcscpy wcscspn wcsdup wcsftime
  wcsftime_l wcslcat wcslcpy wcslen wcsncasecmp wcsncasecmp_l wcsncat wcsncmp wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr wcsrtombs
  wcsspn wcsstr wcstod wcstod_l wcstof wcstof_l wcstoimax wcstoimax_l wcstok wcstol wcstol_l wcstold wcstold_l wcstoll wcstoll_l
  wcstombs wcstoul wcstoul_l wcstoull wcstoull_l wcstoumax wcstoumax_l wcswidth wcsxfrm wcsxfrm_l wctob wctomb wctrans wctrans_l
  wctrans_t wctype wctype_l wctype_t wcwidth wint_t wmemchr wmemcmp wmemcpy wmemmove wmempcpy wmemset wprintf write wscanf xor
  xor_eq y0 y0f y1 y1f yn ynf`
  .trim()
  .split(/\s+/);
