# Logistic regression against its peers, in one run. From anywhere: Rscript inst/bench/logistic.R   (about 4 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(c("logistf", "brglm2", "detectseparation", "fixest", "parglm"))
suppressPackageStartupMessages({
  library(logistf)
  library(respondr)
})
core <- asNamespace("respondr")
set.seed(1)

# Seconds a call, from many.
each <- function(expr, times, runs = 5) {
  expr <- substitute(expr)
  env <- parent.frame()
  eval(expr, env)
  min(vapply(seq_len(runs), function(i) {
    start <- Sys.time()
    for (k in seq_len(times)) eval(expr, env)
    as.numeric(Sys.time() - start, units = "secs")
  }, 0)) / times
}

cat("== one fit with profile intervals, 1,000 patients, 5 predictors\n")
n <- 1000
p <- 5
d <- as.data.frame(matrix(rnorm(n * p), n))
d$y <- rbinom(n, 1, plogis(-0.5 + as.matrix(d) %*% rep(0.3, p)))
f <- reformulate(paste0("V", seq_len(p)), "y")
input <- list(x = model.matrix(f, d), y = as.double(d$y))
columns <- seq_len(p + 1)
firth <- list(estimator = "firth")
whole <- function(options) {
  fit <- core$logistic_fit(input, options)
  list(fit = fit, limits = core$logistic_limits(input, options, columns))
}
tight <- logistf.control(xconv = 1e-10, lconv = 1e-10, gconv = 1e-10, maxit = 100)
tight_limits <- logistpl.control(xconv = 1e-10, lconv = 1e-10, maxit = 1000)
ours <- each(whole(firth), 50)
peer <- seconds(logistf(f, d, control = tight, plcontrol = tight_limits))
record("Firth with profile limits, 1e-10", ours, "logistf, 1e-10", peer, 10)
record("Firth with profile limits, 1e-10", ours, "logistf, its own 1e-5", seconds(logistf(f, d)), 10)
theirs <- logistf(f, d, control = tight, plcontrol = tight_limits)
mine <- whole(firth)
stopifnot(all.equal(mine$fit$beta, coef(theirs), tolerance = 1e-7), all.equal(mine$limits$low, unname(theirs$ci.lower),
  tolerance = 1e-6))
ours <- each(whole(list()), 50)
peer <- seconds(suppressMessages(confint(glm(f, binomial, d))))
record("maximum likelihood with profile limits", ours, "glm + confint", peer, 50)
theirs <- as.vector(suppressMessages(confint(glm(f, binomial, d))))
stopifnot(all.equal(unlist(whole(list())$limits[c("low", "high")]), theirs, tolerance = 1e-3, check.attributes = FALSE))
if (exists("fit_logistic", core)) {
  ours <- each(confint(fit_logistic(f, d, method = "firth")), 5)
  peer <- seconds(logistf(f, d, control = tight, plcontrol = tight_limits))
  record("fit_logistic(), Firth, confint()", ours, "logistf, 1e-10", peer, 10)
  ours <- each(confint(fit_logistic(f, d, method = "ml")), 5)
  record("fit_logistic(), ML, confint()", ours, "glm + confint", seconds(suppressMessages(confint(glm(f, binomial, d)))), 50)
}

cat("== small studies: 62 patients, 8 predictors, 2,000 refits of a bootstrap\n")
x <- cbind(1, matrix(rnorm(62 * 8), 62))
y <- rbinom(62, 1, plogis(x %*% c(-0.3, rep(0.3, 8))))
rows <- replicate(2000, sample(62, replace = TRUE), simplify = FALSE)
ours <- seconds(for (r in rows) core$logistic_fit(list(x = x[r, ], y = as.double(y[r]))), 3)
peer <- seconds(for (r in rows) suppressWarnings(glm.fit(x[r, ], y[r], family = binomial())), 1)
record("2,000 fits called from R, maximum likelihood", ours, "glm.fit", peer, 3)
ours <- seconds(for (r in rows) core$logistic_fit(list(x = x[r, ], y = as.double(y[r])), firth), 3)
few <- data.frame(y, x[, -1])
peer <- seconds(for (r in rows[1:100]) suppressWarnings(logistf(y ~ ., few[r, ], pl = FALSE)), 1) * 20
record("2,000 fits called from R, Firth", ours, "logistf", peer, 10)

cat("== separation of 62 patients, 8 predictors\n")
sharp <- as.double(x[, 2] + x[, 3] > 0)
ours <- each(core$logistic_recession(list(x = x, y = sharp)), 100)
peer <- seconds(detectseparation::detect_separation(x, sharp, family = binomial()), 3)
record("direction of recession", ours, "detectseparation (LP)", peer, 5)

cat("== 1,000,000 patients, 20 columns\n")
n <- 1e6
x <- matrix(rnorm(n * 20), n)
x[, 1] <- 1
y <- as.double(runif(n) < plogis(-0.5 + x[, -1] %*% rep(0.15, 19)))
big <- list(x = x, y = y)
one <- seconds(fit <- core$logistic_fit(big), 3)
two <- seconds(core$logistic_fit(big, list(threads = 2)), 3)
peer <- seconds(theirs <- glm.fit(x, y, family = binomial()), 1)
record("maximum likelihood, 1 thread", one, "glm.fit", peer, 5)
stopifnot(all.equal(fit$beta, coef(theirs), tolerance = 1e-8, check.attributes = FALSE))
fixest::setFixest_nthreads(2)
peer <- seconds(fixest::feglm.fit(y, x, family = "logit"), 2)
record("maximum likelihood, 2 threads", two, "fixest::feglm.fit, 2 threads", peer, 1)
for (method in c("LINPACK", "FAST")) {
  peer <- seconds(parglm::parglm.fit(x, y, family = binomial(), control = parglm::parglm.control(nthreads = 2,
    method = method)), 2)
  record("maximum likelihood, 2 threads", two, paste("parglm.fit,", method), peer, 1)
}
ours <- seconds(core$logistic_fit(big, list(estimator = "firth", threads = 2)), 2)
record("Firth, 2 threads", ours, "brglm2, 1e5 rows, x 10", 10 * seconds(suppressWarnings(
  brglm2::brglm_fit(x[1:1e5, ], y[1:1e5], family = binomial())), 1), 5)

bench_table()
